package io.github.migrateboot.faults;

import java.util.List;

import io.github.migrateboot.testing.GaleraCluster;
import io.github.migrateboot.testing.OwnServer;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A running platform: the server, what stands before it, and how processes are started
 * there.
 */
abstract class Site implements AutoCloseable {

	private final Platform platform;

	private @Nullable List<String> jvmOptions;

	private Site(Platform platform) {
		this.platform = platform;
	}

	/**
	 * Start what the platform needs; skips the test if something is missing.
	 */
	static Site open(Platform platform, ChildClasses classes) {
		Site site = switch (platform) {
			case GALERA -> new Cluster(platform, GaleraCluster.shared());
			case PGBOUNCER -> new Pooled(platform, OwnServer.start(platform.server()));
			default -> new Single(platform, OwnServer.start(platform.server()));
		};
		try (TestDatabase database = site.create()) {
			site.jvmOptions = classes.options(site.entry(database, 0), platform == Platform.GALERA);
		}
		return site;
	}

	Platform platform() {
		return this.platform;
	}

	List<String> jvmOptions() {
		if (this.jvmOptions == null) {
			throw new IllegalStateException("The site is not open yet");
		}
		return this.jvmOptions;
	}

	/**
	 * Create a database, as who judges sees it.
	 */
	abstract TestDatabase create();

	/**
	 * Return a way on which applications go to a database.
	 * @param number the number of the application
	 */
	abstract TestDatabase entry(TestDatabase database, int number);

	/**
	 * Return a database as each server shows it.
	 */
	List<TestDatabase> nodes(TestDatabase database) {
		return List.of(database);
	}

	abstract void restart(boolean immediately);

	@Override
	public void close() {
	}

	private static class Single extends Site {

		private final OwnServer server;

		Single(Platform platform, OwnServer server) {
			super(platform);
			this.server = server;
		}

		@Override
		TestDatabase create() {
			return this.server.create();
		}

		@Override
		TestDatabase entry(TestDatabase database, int number) {
			return database;
		}

		@Override
		void restart(boolean immediately) {
			this.server.restart(immediately);
		}

	}

	private static final class Pooled extends Single {

		private final PgBouncer pooler;

		Pooled(Platform platform, OwnServer server) {
			super(platform, server);
			try (TestDatabase database = server.create()) {
				// The default is 15 seconds, after each restart of the server
				this.pooler = PgBouncer.start(database, "server_login_retry = 1");
			}
		}

		@Override
		TestDatabase entry(TestDatabase database, int number) {
			return this.pooler.through(database);
		}

		@Override
		public void close() {
			this.pooler.close();
		}

	}

	private static final class Cluster extends Site {

		private final GaleraCluster cluster;

		Cluster(Platform platform, GaleraCluster cluster) {
			super(platform);
			this.cluster = cluster;
		}

		@Override
		TestDatabase create() {
			return this.cluster.create();
		}

		@Override
		TestDatabase entry(TestDatabase database, int number) {
			return this.cluster.on(database, 1 + number % 2);
		}

		@Override
		List<TestDatabase> nodes(TestDatabase database) {
			return List.of(this.cluster.upToDate(database), this.cluster.on(database, 2));
		}

		@Override
		void restart(boolean immediately) {
			this.cluster.restartSecond(immediately);
		}

	}

}
