package io.github.migrateboot.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.benchmarks.Server.Durability;
import io.github.migrateboot.testing.CountingProxy;

/**
 * How many round trips a run costs, besides what the pool does by itself and the opening
 * of connections.
 *
 * @param id the row's name
 * @param lines the line of the table
 * @param count the number of migrations
 * @param applied whether they have been applied before
 */
record RoundTripRow(String id, List<Line> lines, int count, boolean applied) implements Row {

	private static final Server SERVER = Server.POSTGRES;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		// Counted, not timed, so it is never scaled and once is enough.
		Migrations migrations = lab.migrations("counted-" + this.count, this.count, Migrations::small);
		for (Tool tool : Tool.values()) {
			if (tool != Tool.CLIENT && tool.isAvailable(SERVER)) {
				results.add(tool, "", count(lab, tool, migrations));
			}
		}
	}

	private double count(Lab lab, Tool tool, Migrations migrations) throws Exception {
		System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "600000");
		try (Database database = lab.servers().create(SERVER, Durability.DURABLE);
				CountingProxy proxy = CountingProxy.to(database.url());
				Database counted = database.at(proxy.url(database.url()))) {
			if (this.applied) {
				lab.apply(tool, database, migrations);
			}
			int opening = opening(counted, proxy);
			if (tool.isInJvm()) {
				runWithPool(tool, counted, migrations, proxy);
			}
			else {
				proxy.reset();
				Lab.dbmate(counted, migrations).succeed("migrate");
			}
			System.out.printf("    %-14s %d connections%n", tool.key(), proxy.connections());
			return proxy.roundTrips() - proxy.connections() * opening;
		}
	}

	private static int opening(Database database, CountingProxy proxy) throws SQLException {
		proxy.reset();
		try (Connection connection = database.connect()) {
			if (connection.isClosed()) {
				throw new IllegalStateException("closed");
			}
			return proxy.roundTrips();
		}
	}

	private static void runWithPool(Tool tool, Database database, Migrations migrations, CountingProxy proxy)
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
