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
import io.github.migrateboot.benchmarks.Server.Durability;
import io.github.migrateboot.testing.CountingProxy;

/**
 * What it costs that many instances wait for the one that migrates.
 *
 * @param id the row's name
 * @param lines the lines of the table
 * @param instances how many wait
 */
record WaitRow(String id, List<Line> lines, int instances) implements Row {

	/** Milliseconds from the commit until the last instance is done. */
	static final String LAST_DONE = "last";

	/** Round trips a second, all waiting instances together. */
	static final String QUERIES = "queries";

	/**
	 * All instances share this process. Liquibase 4.33 can't do that: its runs share
	 * state, and the lock stays locked.
	 */
	private static final List<Tool> TOOLS = List.of(Tool.MIGRATE, Tool.FLYWAY);

	private static final int MOST_ROUNDS = 3;

	private static final int SECONDS = 10;

	private static final int LONGEST_MINUTES = 2;

	/** By then the pauses between polls have grown. */
	private static final int STEADY_AFTER_SECONDS = 5;

	private static final String IS_MIGRATING = "select exists (select from pg_stat_activity where state = 'active'"
			+ " and pid <> pg_backend_pid() and query like '%pg_sleep%')";

	private static final String IS_COMMITTED = "select to_regclass('slow') is not null";

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = lab.migrations("slow", 1, (number) -> Migrations.slow(SECONDS));
		for (int round = 0; round < lab.rounds(); round++) {
			for (Tool tool : TOOLS) {
				if (round < (tool.isSlow() ? 1 : MOST_ROUNDS)) {
					measure(lab, tool, migrations, results);
				}
			}
		}
	}

	private void measure(Lab lab, Tool tool, Migrations migrations, Results results) throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		List<HikariDataSource> pools = new ArrayList<>();
		try (Database database = lab.servers().create(Server.POSTGRES, Durability.DURABLE);
				CountingProxy proxy = CountingProxy.to(database.url());
				Database counted = database.at(proxy.url(database.url()));
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
			results.add(tool, QUERIES, queries(proxy));
			results.add(tool, LAST_DONE, lastDone(watch, runs));
		}
		finally {
			threads.shutdownNow();
			pools.forEach(HikariDataSource::close);
		}
	}

	private static double queries(CountingProxy proxy) throws InterruptedException {
		TimeUnit.SECONDS.sleep(STEADY_AFTER_SECONDS);
		proxy.reset();
		long from = System.nanoTime();
		TimeUnit.SECONDS.sleep(SECONDS - STEADY_AFTER_SECONDS - 2);
		return proxy.roundTrips() / ((System.nanoTime() - from) / 1e9);
	}

	private static double lastDone(Connection watch, List<Future<Long>> runs) throws Exception {
		await(watch, IS_COMMITTED, runs.get(0));
		long committed = System.nanoTime();
		long last = committed;
		for (Future<Long> run : runs) {
			last = Math.max(last, run.get(LONGEST_MINUTES, TimeUnit.MINUTES));
		}
		return (last - committed) / 1e6;
	}

	private static HikariDataSource pool(Database database) throws SQLException {
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
