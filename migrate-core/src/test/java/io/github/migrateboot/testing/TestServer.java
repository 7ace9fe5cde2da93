package io.github.migrateboot.testing;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The databases that tests run against. A server is started when a test first asks for a
 * database of it, serves the whole JVM, and is stopped with it.
 * <p>
 * Where a server can't be had, for example because there is no Docker engine, the test is
 * skipped by name; with the environment variable
 * {@code MIGRATE_TEST_REQUIRE_ALL_SERVERS=true} it fails instead.
 */
public enum TestServer {

	/**
	 * PostgreSQL from Maven Central.
	 */
	POSTGRES_EMBEDDED("embedded PostgreSQL", EmbeddedServers::postgres),

	/**
	 * PostgreSQL in a container.
	 */
	POSTGRES("PostgreSQL in a container (image postgres:18)", ContainerServers::postgres),

	/**
	 * MariaDB from Maven Central.
	 */
	MARIADB("embedded MariaDB", EmbeddedServers::mariaDb),

	/**
	 * MySQL in a container.
	 */
	MYSQL("MySQL in a container (image mysql:9.7)", ContainerServers::mySql),

	/**
	 * SQLite, one file a database.
	 */
	SQLITE("SQLite", FileServer::sqlite),

	/**
	 * H2, one file a database, which several processes can use at once.
	 */
	H2("H2", FileServer::h2);

	private final String displayName;

	private final Launcher launcher;

	private @Nullable RunningServer running;

	private @Nullable Exception failure;

	TestServer(String displayName, Launcher launcher) {
		this.displayName = displayName;
		this.launcher = launcher;
	}

	/**
	 * Create a fresh, empty database with a name of its own.
	 * @return the database, which the caller closes
	 */
	public TestDatabase create() {
		if (!available()) {
			throw missing("No " + this.displayName + " here: " + this.failure, this.failure);
		}
		return running().create(this);
	}

	/**
	 * Word that something a test needs can't be had.
	 * @param message what is missing and why
	 * @param cause the reason, or {@code null}
	 * @return what skips the test, never if all servers are required
	 * @throws AssertionError if all servers are required
	 */
	static TestAbortedException missing(String message, @Nullable Throwable cause) {
		if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
			throw new AssertionError(message, cause);
		}
		return new TestAbortedException(message, cause);
	}

	/**
	 * Return whether the server can be had; starts it.
	 * @return whether {@link #create()} works
	 */
	public synchronized boolean available() {
		if (this.running == null && this.failure == null) {
			try {
				this.running = this.launcher.launch();
			}
			catch (Exception | LinkageError ex) {
				this.failure = (ex instanceof Exception exception) ? exception : new IllegalStateException(ex);
			}
		}
		return this.running != null;
	}

	private synchronized RunningServer running() {
		if (this.running == null) {
			throw new IllegalStateException(this.displayName + " is not running");
		}
		return this.running;
	}

	String dump(String database) {
		return running().dump(database);
	}

	/**
	 * Start a server of this kind that nobody else uses.
	 * @return the server
	 */
	OwnServer startAnother() {
		try {
			return new OwnServer(this, this.launcher.launch());
		}
		catch (Exception | LinkageError ex) {
			throw missing("No " + this.displayName + " here: " + ex, ex);
		}
	}

	@Override
	public String toString() {
		return this.displayName;
	}

	@FunctionalInterface
	private interface Launcher {

		RunningServer launch() throws Exception;

	}

}
