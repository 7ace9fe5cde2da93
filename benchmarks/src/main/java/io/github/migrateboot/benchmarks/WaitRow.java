package io.github.migrateboot.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * What it costs that many instances wait for the one that migrates.
 *
 * @param id the row's name
 * @param title the row's title
 * @param target the target
 * @param instances how many wait
 * @param aspect what is measured
 */
record WaitRow(String id, String title, Target target, int instances, Aspect aspect) implements Row {

	private static final int MOST_ROUNDS = 3;

	private static final int SECONDS = 10;

	/** By then the pauses between polls have grown. */
	private static final int STEADY_AFTER_SECONDS = 5;

	private static final String IS_MIGRATING = "select exists (select from pg_stat_activity where state = 'active'"
			+ " and pid <> pg_backend_pid() and query like '%pg_sleep%')";

	private static final String IS_COMMITTED = "select to_regclass('slow') is not null";

	enum Aspect {

		/** Milliseconds from the commit until the last instance is done. */
		LAST_DONE,

		/** Round trips a second, all waiting instances together. */
		QUERIES

	}

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = lab.migrations("slow", 1, (number) -> Migrations.slow(SECONDS));
		for (int round = 0; round < lab.rounds(); round++) {
			for (Tool tool : List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.LIQUIBASE)) {
				if (round < lab.rounds(tool, tool.isSlow() ? 1 : MOST_ROUNDS)) {
					results.add(tool, measure(lab, tool, migrations));
				}
			}
		}
	}

	private double measure(Lab lab, Tool tool, Migrations migrations) throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		List<HikariDataSource> pools = new ArrayList<>();
		try (TestDatabase database = lab.database(TestServer.POSTGRES_EMBEDDED);
				CountingProxy proxy = CountingProxy.to(database.url());
				TestDatabase counted = database.at(proxy.url(database.url()));
				Connection watch = database.connect();
				URLClassLoader loader = new URLClassLoader(new URL[] { migrations.root().toUri().toURL() },
						WaitRow.class.getClassLoader())) {
			pools.add(pool(database));
			for (int i = 0; i < lab.scaled(this.instances); i++) {
				pools.add(pool(counted));
			}
			CountDownLatch go = new CountDownLatch(1);
			List<Future<Long>> runs = new ArrayList<>();
			for (HikariDataSource pool : pools) {
				boolean first = runs.isEmpty();
				runs.add(threads.submit(() -> {
					if (!first) {
						go.await();
					}
					tool.inJvm().run(pool, loader);
					return System.nanoTime();
				}));
			}
			await(watch, IS_MIGRATING, runs.get(0));
			go.countDown();
			return observe(proxy, watch, runs);
		}
		finally {
			threads.shutdownNow();
			pools.forEach(HikariDataSource::close);
		}
	}

	private double observe(CountingProxy proxy, Connection watch, List<Future<Long>> runs) throws Exception {
		TimeUnit.SECONDS.sleep(STEADY_AFTER_SECONDS);
		proxy.reset();
		long from = System.nanoTime();
		TimeUnit.SECONDS.sleep(SECONDS - STEADY_AFTER_SECONDS - 2);
		double perSecond = proxy.roundTrips() / ((System.nanoTime() - from) / 1e9);
		await(watch, IS_COMMITTED, runs.get(0));
		long committed = System.nanoTime();
		long last = committed;
		for (Future<Long> run : runs) {
			last = Math.max(last, run.get());
		}
		return (this.aspect == Aspect.QUERIES) ? perSecond : (last - committed) / 1e6;
	}

	private static HikariDataSource pool(TestDatabase database) throws SQLException {
		HikariDataSource pool = RunOnce.pool(database.url(), database.user(), database.password());
		pool.getConnection().close();
		return pool;
	}

	private static void await(Connection connection, String condition, Future<Long> run) throws Exception {
		while (!isTrue(connection, condition)) {
			if (run.isDone()) {
				// Either it has failed or it was too fast.
				run.get();
				if (!isTrue(connection, condition)) {
					throw new IllegalStateException("The migration ended before it was seen");
				}
			}
			TimeUnit.MILLISECONDS.sleep(2);
		}
	}

	private static boolean isTrue(Connection connection, String condition) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(condition)) {
			return row.next() && row.getBoolean(1);
		}
	}

}
