package io.github.migrateboot.benchmarks;

import java.util.List;

import io.github.migrateboot.benchmarks.ApplyRow.Work;
import io.github.migrateboot.benchmarks.Row.Target;
import io.github.migrateboot.benchmarks.WaitRow.Aspect;
import io.github.migrateboot.testing.TestServer;

/**
 * What is measured.
 */
final class Rows {

	private static final TestServer POSTGRES = TestServer.POSTGRES_EMBEDDED;

	private static final List<Tool> ALL = List.of(Tool.values());

	/** Those that are fast enough to be measured at length. */
	private static final List<Tool> FAST = List.of(Tool.MIGRATE, Tool.DBMATE, Tool.CLIENT);

	private static final List<Tool> IN_JVM = List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.LIQUIBASE);

	private static final int OFTEN = Integer.MAX_VALUE;

	private Rows() {
	}

	/**
	 * Return the rows of the table.
	 */
	static List<Row> table() {
		Target psql = Target.times(1.3, Tool.CLIENT, "psql");
		return List.of(
				new RoundTripRow("idle-round-trips", "nothing to do, 50 migrations: round trips", Target.of("", 1), 50,
						true),
				new StartRow("idle-start", "nothing to do, 1,000 migrations in a jar: extra start time",
						Target.of("ms", 50), 1000, IN_JVM),
				new RoundTripRow("apply-round-trips", "applying 50 migrations: round trips",
						new Target("", 1.2 * 50 + 8, "", "≤ 1.2 a migration + 8"), 50, false),
				new ApplyRow("apply-1000", "applying 1,000 migrations", psql, POSTGRES, ALL, Work.small(1000), OFTEN),
				new ApplyRow("apply-delay", "applying 100 migrations at 20 ms network delay",
						Target.times(1.5, Tool.CLIENT, "psql"), POSTGRES, ALL, Work.small(100).withDelay(20), 2),
				new WaitRow("wait-50", "50 instances wait for one: last done after the commit", Target.of("ms", 200),
						50, Aspect.LAST_DONE),
				new WaitRow("wait-50-queries", "50 instances wait for one: round trips a second", Target.of("", 100),
						50, Aspect.QUERIES),
				new StartRow("idle-start-10000", "nothing to do, 10,000 migrations in a jar: extra start time",
						Target.of("ms", 500), 10_000, List.of(Tool.MIGRATE)),
				new HeapRow("idle-heap-10000", "nothing to do, 10,000 migrations: extra heap", Target.of("MB", 64),
						Work.small(10_000), true),
				new ApplyRow("apply-10000", "applying 10,000 migrations", psql, POSTGRES,
						List.of(Tool.MIGRATE, Tool.CLIENT), Work.small(10_000), 2),
				new HeapRow("apply-heap-10000", "applying 10,000 migrations: extra heap", Target.of("MB", 64),
						Work.small(10_000), false),
				new ApplyRow("large-file", "one file of 50 MB with 100,000 statements", psql, POSTGRES, ALL,
						Work.large(100_000), OFTEN),
				new HeapRow("large-file-heap", "the same: extra heap", Target.of("MB", 250), Work.large(100_000),
						false),
				ofClient("mysql-200", "MySQL", TestServer.MYSQL),
				ofClient("mariadb-200", "MariaDB", TestServer.MARIADB),
				ofClient("sqlite-200", "SQLite", TestServer.SQLITE));
	}

	private static Row ofClient(String id, String name, TestServer server) {
		return new ApplyRow(id, name + ": applying 200 migrations",
				Target.times(1.5, Tool.CLIENT, Client.program(server)), server, FAST, Work.small(200), OFTEN);
	}

	/**
	 * Return what the plots have besides the rows of the table.
	 */
	static List<Row> points() {
		Target none = Target.none("ms");
		return List.of(new ApplyRow("apply-10", "", none, POSTGRES, ALL, Work.small(10), OFTEN),
				new ApplyRow("apply-100", "", none, POSTGRES, ALL, Work.small(100), OFTEN),
				new ApplyRow("apply-300", "", none, POSTGRES, ALL, Work.small(300), OFTEN),
				new WaitRow("wait-5", "", none, 5, Aspect.LAST_DONE),
				new WaitRow("wait-20", "", none, 20, Aspect.LAST_DONE));
	}

	static List<String> pointsOfApply() {
		return List.of("apply-10", "apply-100", "apply-300", "apply-1000");
	}

	static List<String> pointsOfWait() {
		return List.of("wait-5", "wait-20", "wait-50");
	}

}
