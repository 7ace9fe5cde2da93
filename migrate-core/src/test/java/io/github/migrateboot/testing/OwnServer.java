package io.github.migrateboot.testing;

/**
 * A server that belongs to one test, which may stop and start it as it likes.
 */
public final class OwnServer {

	private final TestServer kind;

	private final RunningServer server;

	OwnServer(TestServer kind, RunningServer server) {
		this.kind = kind;
		this.server = server;
	}

	/**
	 * Start a server.
	 * @param kind which one; on SQLite and H2 there is nothing to start
	 * @return the server, which is stopped when this JVM ends
	 */
	public static OwnServer start(TestServer kind) {
		return kind.startAnother();
	}

	/**
	 * Create a fresh, empty database.
	 * @return the database, which the caller closes
	 */
	public TestDatabase create() {
		return this.server.create(this.kind);
	}

	/**
	 * Stop the server and start it again, and wait until it lets somebody in.
	 * @param immediately whether it is killed instead of being asked to stop
	 */
	public void restart(boolean immediately) {
		this.server.restart(immediately);
	}

}
