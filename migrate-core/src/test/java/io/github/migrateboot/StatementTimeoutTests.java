package io.github.migrateboot;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.management.JMException;
import javax.management.ObjectName;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Statements that run for longer than they may.
 */
class StatementTimeoutTests {

	/** Of a run whose statement is ended after half a second. */
	private static final Duration LIMIT = Duration.ofSeconds(30);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private void migrate(TestDatabase database, Duration timeout) {
		migrate(database, timeout, StatementSettings.defaults().lockTimeout());
	}

	private void migrate(TestDatabase database, Duration timeout, Duration lockTimeout) {
		new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("timeouts"))
					.withStatement(StatementSettings.defaults().withTimeout(timeout).withLockTimeout(lockTimeout)))
			.migrate();
	}

	/**
	 * An insert that takes minutes.
	 */
	private static String endless(TestServer server) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "INSERT INTO t SELECT 2 FROM pg_sleep(300);";
			// Not SLEEP or BENCHMARK, which end early and let the statement take effect.
			case MYSQL, MARIADB -> "INSERT INTO t WITH d AS (SELECT 1 AS x" + " UNION ALL SELECT 1".repeat(9)
					+ ") SELECT SUM(a.x * k.x) % 2 FROM d a, d b, d c, d e, d f, d g, d h, d i, d j, d k, d l, d m;";
			case SQLITE -> "INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c"
					+ " WHERE x < 100000000000) SELECT min(x) FROM c;";
			case H2 -> "INSERT INTO t SELECT MAX(MOD(X, 7)) FROM SYSTEM_RANGE(1, 1000000000000);";
		};
	}

	private void assertEnds(TestDatabase database) {
		assertThatExceptionOfType(MigrationFailedException.class)
			.isThrownBy(() -> assertTimeoutPreemptively(LIMIT, () -> migrate(database, Duration.ofMillis(500)),
					"The statement was not ended"))
			.withMessageContaining("failed at statement 2 of 3")
			.withMessageContaining("It was ended because it ran for longer than migrate.statement.timeout (0.5 s)")
			.satisfies((failure) -> assertThat(failure.getAction()).startsWith("Raise migrate.statement.timeout"));
		assertThat(database.versions()).isEmpty();
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POSTGRES")
	void endsAStatementInATransaction(TestServer server) {
		folder().add("1_slow.sql", "INSERT INTO t VALUES (1);\n" + endless(server) + "\nINSERT INTO t VALUES (3);");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE t (a integer)");
			assertEnds(database);
			assertThat(rows(database)).isEmpty();
			folder().add("1_slow.sql", "INSERT INTO t VALUES (1);");
			migrate(database, Duration.ofSeconds(60));
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POSTGRES")
	void endsAStatementWithoutATransaction(TestServer server) {
		folder().addWithoutTransaction("1_slow.sql",
				"INSERT INTO t VALUES (1);\n" + endless(server) + "\nINSERT INTO t VALUES (3);");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE t (a integer)");
			assertEnds(database);
			folder().addWithoutTransaction("1_slow.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (3);");
			migrate(database, Duration.ofSeconds(60));
			assertThat(rows(database)).containsExactly(1, 3);
		}
	}

	/**
	 * Each of the blocks catches a cancellation.
	 */
	@Test
	void endsAStatementThatCatchesCancellations() {
		String sleep = "BEGIN PERFORM pg_sleep(300); EXCEPTION WHEN query_canceled THEN NULL; END;\n";
		folder().addWithoutTransaction("1_stubborn.sql", "INSERT INTO t VALUES (1);\nDO $$ BEGIN\n" + sleep + sleep
				+ "PERFORM pg_sleep(300);\nEND $$;\nINSERT INTO t VALUES (3);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("CREATE TABLE t (a integer)");
			assertEnds(database);
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@Test
	void isNoLimitForTheWholeMigration() {
		folder().add("1_several.sql",
				"SELECT pg_sleep(0.7);\nSELECT pg_sleep(0.7);\nSELECT pg_sleep(0.7);\nCREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database, Duration.ofMillis(2000));
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void lowerLimitOfTheFileItselfStaysOnMariaDb() {
		folder().add("1_own.sql", """
				CREATE TABLE u AS SELECT @@max_statement_time AS v;
				SET SESSION max_statement_time = 17;
				INSERT INTO u SELECT @@max_statement_time;
				INSERT INTO u SELECT @@max_statement_time;
				""").add("2_next.sql", "INSERT INTO u SELECT @@max_statement_time;");
		try (TestDatabase database = TestServer.MARIADB.create()) {
			migrate(database, Duration.ofMillis(60_500));
			assertThat(database.jdbc().queryForList("SELECT v FROM u", Double.class)).containsExactly(60.5, 17.0, 17.0,
					60.5);
		}
	}

	@Test
	void ownRecordsAreNotLimitedOnMariaDb() throws Exception {
		folder().add("1_slow.sql", "CREATE TABLE u AS SELECT SLEEP(2) AS a;");
		try (TestDatabase database = TestServer.MARIADB.create();
				Connection other = database.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			CompletableFuture<Void> run = CompletableFuture
				.runAsync(() -> migrate(database, Duration.ofMillis(3500), Duration.ofSeconds(60)));
			awaitSession(database, "state = 'User sleep'");
			statement.execute("SELECT * FROM schema_migrations_journal FOR UPDATE");
			awaitSession(database, "info LIKE 'UPDATE%schema_migrations_journal%' AND time >= 5");
			other.rollback();
			run.get(60, TimeUnit.SECONDS);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void leavesNoTimerBehind() throws Exception {
		folder().addWithoutTransaction("1_many.sql", "CREATE TABLE t (a integer);\n"
				+ IntStream.range(0, 500).mapToObj((i) -> "INSERT INTO t VALUES (" + i + ");\n").collect(joining()));
		try (TestDatabase database = TestServer.SQLITE.create()) {
			List<Long> timers = new ArrayList<>();
			Migrator migrator = new Migrator(folder().source(), database.connections(),
					MigratorSettings.defaults(Instance.current("timeouts"))
						.withStatement(StatementSettings.defaults().withTimeout(Duration.ofHours(1))));
			migrator.addListener(new MigrationListener() {

				@Override
				public void migrationEnded(Running migration, Outcome outcome, Duration took,
						@Nullable MigrationException failure) {
					timers.add(scheduledTasks());
				}

			});
			migrator.migrate();
			assertThat(rows(database)).hasSize(500);
			assertThat(timers).singleElement(InstanceOfAssertFactories.LONG).isLessThan(100);
		}
	}

	/**
	 * Return how many tasks wait for their time in the whole JVM.
	 */
	private static long scheduledTasks() {
		try {
			String histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			return histogram.lines()
				.filter((line) -> line.contains("ScheduledThreadPoolExecutor$ScheduledFutureTask "))
				.mapToLong((line) -> Long.parseLong(line.strip().split("\\s+")[1]))
				.sum();
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitSession(TestDatabase database, String condition) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> database.jdbc()
				.queryForObject(
						"SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND " + condition,
						Integer.class) == 1);
	}

}
