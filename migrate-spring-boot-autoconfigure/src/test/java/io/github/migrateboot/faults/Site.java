package io.github.migrateboot.faults;

import java.util.List;

import io.github.migrateboot.testing.OwnServer;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A running platform: the server, what stands before it, and how processes are started
 * there.
 */
final class Site implements AutoCloseable {

	private final Platform platform;

	private final OwnServer server;

	private final @Nullable PgBouncer pooler;

	private final List<String> jvmOptions;

	private Site(Platform platform, OwnServer server, @Nullable PgBouncer pooler, ChildClasses classes) {
		this.platform = platform;
		this.server = server;
		this.pooler = pooler;
		try (TestDatabase database = server.create()) {
			this.jvmOptions = classes.options(entry(database));
		}
	}

	/**
	 * Start what the platform needs; skips the test if something is missing.
	 */
	static Site open(Platform platform, ChildClasses classes) {
		OwnServer server = OwnServer.start(platform.server());
		PgBouncer pooler = null;
		if (platform == Platform.PGBOUNCER) {
			try (TestDatabase database = server.create()) {
				// The default is 15 seconds, after each restart of the server
				pooler = PgBouncer.start(database, "server_login_retry = 1");
			}
		}
		return new Site(platform, server, pooler, classes);
	}

	Platform platform() {
		return this.platform;
	}

	List<String> jvmOptions() {
		return this.jvmOptions;
	}

	TestDatabase create() {
		return this.server.create();
	}

	/**
	 * Return the way an application goes to a database.
	 */
	TestDatabase entry(TestDatabase database) {
		return (this.pooler != null) ? this.pooler.through(database) : database;
	}

	void restart(boolean immediately) {
		this.server.restart(immediately);
	}

	@Override
	public void close() {
		if (this.pooler != null) {
			this.pooler.close();
		}
	}

}
