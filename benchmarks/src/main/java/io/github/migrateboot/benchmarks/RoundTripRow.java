package io.github.migrateboot.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * How many round trips a run costs, besides what the pool does by itself and the opening
 * of connections.
 *
 * @param id the row's name
 * @param title the row's title
 * @param target the target
 * @param count the number of migrations
 * @param applied whether they have been applied before
 */
record RoundTripRow(String id, String title, Target target, int count, boolean applied) implements Row {

	private static final TestServer SERVER = TestServer.POSTGRES_EMBEDDED;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		// Counted, not timed, so it is never scaled and once is enough.
		Migrations migrations = lab.small(this.count);
		for (Tool tool : Tool.values()) {
			if (tool != Tool.CLIENT && tool.isAvailable(SERVER)) {
				results.add(tool, count(lab, tool, migrations));
			}
		}
	}

	private double count(Lab lab, Tool tool, Migrations migrations) throws Exception {
		System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "600000");
		try (TestDatabase database = lab.database(SERVER);
				CountingProxy proxy = CountingProxy.to(database.url());
				TestDatabase counted = database.at(proxy.url(database.url()))) {
			if (this.applied) {
				lab.apply(tool, database, migrations);
			}
			int opening = opening(counted, proxy);
			if (tool.isInJvm()) {
				runWithPool(tool, counted, migrations, proxy);
			}
			else {
				proxy.reset();
				Dbmate.on(counted, new MigrationFolder(migrations.dbmateFolder())).succeed("migrate");
			}
			System.out.printf("    %-14s %d connections%n", tool.key(), proxy.connections());
			return proxy.roundTrips() - proxy.connections() * opening;
		}
	}

	private static int opening(TestDatabase database, CountingProxy proxy) throws SQLException {
		proxy.reset();
		try (Connection connection = database.connect()) {
			if (connection.isClosed()) {
				throw new IllegalStateException("closed");
			}
			return proxy.roundTrips();
		}
	}

	private static void runWithPool(Tool tool, TestDatabase database, Migrations migrations, CountingProxy proxy)
			throws Exception {
		try (HikariDataSource pool = RunOnce.pool(database.url(), database.user(), database.password());
				URLClassLoader loader = new URLClassLoader(new URL[] { migrations.root().toUri().toURL() },
						RoundTripRow.class.getClassLoader())) {
			pool.getConnection().close();
			proxy.reset();
			tool.inJvm().run(pool, loader);
		}
	}

}
