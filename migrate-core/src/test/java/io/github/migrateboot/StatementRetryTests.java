package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * What becomes of migrations that are in each other's or the application's way.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatementRetryTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Of a run that has nothing to wait for, or soon gives up. */
	private static final Duration LIMIT = Duration.ofSeconds(40);

	/** On a busy machine it takes a while until somebody looks who blocks. */
	private static final Duration LONG_ENOUGH_TO_LOOK = Duration.ofSeconds(2);

	private static final String RETRYING = "Retrying in";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, StatementSettings settings) {
		return assertTimeoutPreemptively(LIMIT, () -> run(database, settings), "The run did not end by itself");
	}

	private MigrationReport run(TestDatabase database, StatementSettings settings) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("retries")).withStatement(settings))
			.migrate();
	}

	private CompletableFuture<MigrationReport> start(TestDatabase database, StatementSettings settings) {
		return CompletableFuture.supplyAsync(() -> run(database, settings));
	}

	private static MigrationReport await(CompletableFuture<MigrationReport> run) throws Exception {
		return run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static StatementSettings retries(TestServer server, int retries) {
		boolean wholeSeconds = server == TestServer.MYSQL || server == TestServer.MARIADB;
		return StatementSettings.defaults()
			.withLockTimeout(wholeSeconds ? Duration.ofSeconds(1) : Duration.ofMillis(200))
			.withRetries(retries);
	}

	private static TestDatabase create(TestServer server) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE t (a integer)", "INSERT INTO t VALUES (1)");
		return database;
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	private static void awaitOutput(CapturedOutput output, BooleanSupplier ended, String text) {
		Awaitility.await("the log says: " + text)
			.atMost(LIMIT)
			.until(() -> ended.getAsBoolean() || output.getOut().contains(text));
		assertThat(output.getOut()).as("the log of a run that has ended").contains(text);
	}

	/**
	 * An application that has the table in an open transaction.
	 */
	private static final class Blocker implements AutoCloseable {

		private final TestServer server;

		private final Connection connection;

		Blocker(TestDatabase database) throws SQLException {
			this.server = database.server();
			this.connection = database.connect();
			if (this.server == TestServer.SQLITE) {
				execute("BEGIN IMMEDIATE");
				return;
			}
			this.connection.setAutoCommit(false);
			// On H2 a reader is in nobody's way.
			execute((this.server == TestServer.H2) ? "INSERT INTO t VALUES (2)" : "SELECT a FROM t");
		}

		void execute(String sql) throws SQLException {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
		}

		String session() throws SQLException {
			String query = switch (this.server) {
				case POSTGRES, POSTGRES_EMBEDDED -> "SELECT pg_backend_pid()";
				case MYSQL, MARIADB -> "SELECT CONNECTION_ID()";
				case H2 -> "SELECT SESSION_ID()";
				case SQLITE -> "SELECT ''";
			};
			try (Statement statement = this.connection.createStatement(); var rows = statement.executeQuery(query)) {
				rows.next();
				return rows.getString(1);
			}
		}

		void end() throws SQLException {
			if (this.server == TestServer.SQLITE) {
				execute("ROLLBACK");
				return;
			}
			this.connection.rollback();
		}

		@Override
		public void close() throws SQLException {
			this.connection.close();
		}

	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void ddlBehindALongTransactionLetsTrafficThroughAndSucceedsLater(TestServer server, CapturedOutput output)
			throws Exception {
		folder().add("1_alter.sql",
				"INSERT INTO t VALUES (3);\nALTER TABLE t ADD COLUMN b integer;\n" + "INSERT INTO t VALUES (4, 4);");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			CompletableFuture<MigrationReport> run = start(database, retries(server, 100));
			awaitOutput(output, run::isDone, RETRYING);
			// Would wait behind the ALTER TABLE for as long as the transaction lasts.
			CompletableFuture<List<Integer>> traffic = CompletableFuture
				.supplyAsync(() -> database.jdbc().queryForList("SELECT a FROM t WHERE a = 1", Integer.class));
			assertThat(traffic.get(30, TimeUnit.SECONDS)).containsExactly(1);
			assertThat(run).isNotDone();
			awaitOutput(output, run::isDone, "locked by session " + blocker.session());
			blocker.end();
			MigrationReport report = await(run);
			assertThat(report.applied()).containsExactly("1");
			assertThat(report.retries()).isPositive();
			assertThat(rows(database)).containsExactly(1, 3, 4);
		}
	}

	@Test
	void driverHasNothingToComplainOfWhileAMigrationIsBlocked(CapturedOutput output) throws Exception {
		Logger driver = (Logger) LoggerFactory.getLogger("org.mariadb.jdbc.message.server.ErrorPacket");
		Level before = driver.getLevel();
		driver.setLevel(Level.WARN);
		folder().add("1_update.sql", "UPDATE t SET a = 3 WHERE a = 1;");
		try (TestDatabase database = create(TestServer.MARIADB); Blocker blocker = new Blocker(database)) {
			blocker.execute("UPDATE t SET a = 2 WHERE a = 1");
			CompletableFuture<MigrationReport> run = start(database,
					retries(TestServer.MARIADB, 100).withLockTimeout(Duration.ofSeconds(2)));
			awaitOutput(output, run::isDone, "locked by session " + blocker.session());
			blocker.end();
			await(run);
			assertThat(output).contains("ErrorPacket").doesNotContain("performance_schema");
		}
		finally {
			driver.setLevel(before);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whenTheRetriesAreUsedUpTheErrorSaysWhoBlocksAndWhatNow(TestServer server) throws Exception {
		folder().add("0_history.sql", "");
		try (TestDatabase database = create(server)) {
			migrate(database, retries(server, 0));
			folder().add("1_alter.sql", "ALTER TABLE t ADD COLUMN b integer;");
			giveUp(server, database);
			MigrationReport report = migrate(database, retries(server, 0));
			assertThat(report.applied()).containsExactly("1");
			assertThat(report.retries()).isZero();
		}
	}

	private void giveUp(TestServer server, TestDatabase database) throws SQLException {
		try (Blocker blocker = new Blocker(database)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, retries(server, 1).withLockTimeout(LONG_ENOUGH_TO_LOOK)))
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("It was tried 2 times in ",
							"(migrate.statement.lock-timeout)");
					assertThat(failure.getAction()).contains("Wait until nobody is in the way any more",
							"start again: the next start runs the migration from its first statement.");
					if (server != TestServer.SQLITE) {
						assertThat(failure.getDescription()).contains("locked by session " + blocker.session());
					}
					switch (server) {
						case POSTGRES, POSTGRES_EMBEDDED -> assertThat(failure.getAction())
							.contains("end what is with SELECT pg_terminate_backend(" + blocker.session() + ")");
						case MYSQL ->
							assertThat(failure.getAction()).contains("end what is with KILL " + blocker.session());
						case MARIADB, H2, SQLITE -> {
							// Nothing is known for certain.
						}
					}
				});
			assertThat(database.versions()).containsExactly("0");
			blocker.end();
		}
	}

	/**
	 * On MariaDB the second row is not free when the first has taken its time.
	 */
	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void longWorkIsNotRepeatedForALockAtItsEnd(TestServer server) throws Exception {
		folder().add("1_long.sql",
				(server == TestServer.POSTGRES_EMBEDDED) ? "SELECT pg_sleep(15);\nALTER TABLE t ADD COLUMN b integer;"
						: "UPDATE t SET a = a + SLEEP(IF(a = 1, 21, 0));");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			blocker.execute("INSERT INTO t VALUES (2)");
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, retries(server, 10)))
				.withMessageContaining("It was tried once")
				.withMessageContaining("it was not tried again, because it had worked for ")
				.withMessageContaining("locked by session " + blocker.session())
				.satisfies((failure) -> assertThat(failure.getAction()).startsWith("Wait until nobody is in the way"));
			blocker.end();
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@Test
	void writerOnSqliteIsWaitedForAndTriedAgain(CapturedOutput output) throws Exception {
		folder().add("0_history.sql", "");
		try (TestDatabase database = create(TestServer.SQLITE)) {
			migrate(database, retries(TestServer.SQLITE, 0));
			folder().add("1_insert.sql", "INSERT INTO t VALUES (2);")
				.addWithoutTransaction("2_insert.sql", "INSERT INTO t VALUES (3);");
			try (Blocker blocker = new Blocker(database)) {
				CompletableFuture<MigrationReport> run = start(database, retries(TestServer.SQLITE, 100));
				awaitOutput(output, run::isDone, RETRYING);
				blocker.end();
				assertThat(await(run).applied()).containsExactly("1", "2");
			}
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void changesOfATransactionThatGaveWayAreMadeOnce(TestServer server, CapturedOutput output) throws Exception {
		folder().add("1_data.sql", "INSERT INTO t VALUES (3);\nUPDATE t SET a = a + 10 WHERE a = 1;");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			blocker.execute("UPDATE t SET a = a WHERE a = 1");
			CompletableFuture<MigrationReport> run = start(database, retries(server, 100));
			awaitOutput(output, run::isDone, RETRYING);
			blocker.end();
			assertThat(await(run).retries()).isPositive();
			assertThat(rows(database)).containsExactly(3, 11);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void withoutATransactionItGoesOnAtTheStatementThatGaveWay(TestServer server, CapturedOutput output)
			throws Exception {
		folder().addWithoutTransaction("1_alter.sql",
				"CREATE TABLE u (a integer);\nALTER TABLE t ADD COLUMN b integer;" + "\nINSERT INTO u VALUES (1);");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			CompletableFuture<MigrationReport> run = start(database, retries(server, 100));
			awaitOutput(output, run::isDone, RETRYING);
			assertThat(database.jdbc()
				.queryForMap(
						"SELECT state, statements_done AS done FROM " + database.quoted("schema_migrations_journal")))
				.containsEntry("done", 1);
			blocker.end();
			assertThat(await(run).applied()).containsExactly("1");
			assertThat(database.jdbc().queryForList("SELECT a FROM u", Integer.class)).containsExactly(1);
			assertThat(database.jdbc()
				.queryForObject("SELECT state FROM " + database.quoted("schema_migrations_journal"), String.class))
				.isEqualTo("applied");
		}
	}

	@Test
	void concurrentlyWaitsAsLongAsItHasTo() throws Exception {
		folder()
			.addWithoutTransaction("1_index.sql",
					"CREATE INDEX\n/* without */ Concurrently t_a ON t (a);\nREINDEX (CONCURRENTLY) INDEX t_a;\n"
							+ "CREATE TABLE u AS SELECT current_setting('lock_timeout') AS v;\n"
							+ "SET lock_timeout = '7s';\nDROP INDEX CONCURRENTLY t_a;\n"
							+ "INSERT INTO u VALUES (current_setting('lock_timeout'));")
			.add("2_next.sql", "INSERT INTO u VALUES (current_setting('lock_timeout'));");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED); Blocker blocker = new Blocker(database)) {
			blocker.execute("INSERT INTO t VALUES (2)");
			CompletableFuture<MigrationReport> run = start(database, retries(TestServer.POSTGRES_EMBEDDED, 0));
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> run.isDone() || database.jdbc()
					.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
							+ " AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX%'"
							+ " AND clock_timestamp() - query_start > interval '1 s'", Integer.class) == 1);
			assertThat(run).isNotDone();
			blocker.end();
			assertThat(await(run).retries()).isZero();
			assertThat(database.jdbc().queryForList("SELECT v FROM u", String.class)).containsExactly("200ms", "7s",
					"200ms");
		}
	}

	@Test
	void fileKeepsTheLockTimeoutThatItSets() {
		folder().add("1_own.sql", "SET lock_timeout = '7s';\nCREATE TABLE u AS SELECT current_setting('lock_timeout');")
			.addWithoutTransaction("2_own.sql",
					"SET lock_timeout = 0;\nINSERT INTO u VALUES (current_setting('lock_timeout'));")
			.addWithoutTransaction("3_ours.sql", "INSERT INTO u VALUES (current_setting('lock_timeout'));");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database, retries(TestServer.POSTGRES_EMBEDDED, 0));
			assertThat(database.jdbc().queryForList("SELECT * FROM u", String.class)).containsExactly("7s", "0",
					"200ms");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void limitsHoldForEachFileAndNotForTheHistory(TestServer server) {
		folder()
			.add("1_own.sql",
					"CREATE TABLE u AS SELECT @@lock_wait_timeout AS m, @@innodb_lock_wait_timeout AS i;\n"
							+ "SET SESSION lock_wait_timeout = 7;\nINSERT INTO u SELECT @@lock_wait_timeout, 0;")
			.add("2_ours.sql", "INSERT INTO u SELECT @@lock_wait_timeout, @@innodb_lock_wait_timeout;");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE seen (m integer)");
			migrate(database, retries(server, 0).withLockTimeout(Duration.ofMillis(2500)));
			assertThat(database.jdbc().queryForList("SELECT CONCAT(m, ' ', i) FROM u", String.class))
				.containsExactly("3 3", "7 0", "3 3");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void routineThatMayHaveTakenEffectIsNotRepeated(TestServer server) throws Exception {
		boolean postgres = server == TestServer.POSTGRES_EMBEDDED;
		folder().addWithoutTransaction("1_call.sql", "CALL p();");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			database.execute("CREATE TABLE u (a integer)", postgres
					? "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO u VALUES (1); COMMIT;"
							+ " ALTER TABLE t ADD COLUMN b integer; END $$"
					: "CREATE PROCEDURE p() BEGIN INSERT INTO u VALUES (1); ALTER TABLE t ADD COLUMN b integer; END");
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, retries(server, 2)))
				.withMessageContaining("It was tried once")
				.withMessageContaining("it was not tried again, because a part of statement 1 may have taken effect")
				.satisfies((failure) -> assertThat(failure.getAction()).contains("set migrate.resolve to 1:1=retry"));
			assertThat(database.jdbc().queryForList("SELECT a FROM u", Integer.class)).containsExactly(1);
			blocker.end();
		}
	}

	/**
	 * MySQL 9 refuses such a statement before it does anything.
	 */
	@ParameterizedTest
	@EnumSource(names = "MARIADB")
	void dataChangeIsNotRepeatedWhereAnEngineCannotUndoIt(TestServer server) throws Exception {
		folder().addWithoutTransaction("1_data.sql", "UPDATE t, m SET t.a = t.a + 1, m.a = 2;");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			database.execute("CREATE TABLE m (a integer) ENGINE = MyISAM", "INSERT INTO m VALUES (1)");
			blocker.execute("UPDATE t SET a = a + 10");
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, retries(server, 2)))
				.withMessageContaining("it was not tried again, because a part of statement 1 may have taken effect");
			blocker.end();
		}
	}

	@Test
	void whatNeedsTheLostSessionIsNotRepeated() throws Exception {
		folder().addWithoutTransaction("1_temporary.sql",
				"CREATE TEMPORARY TABLE x (a integer);\nALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED); Blocker blocker = new Blocker(database)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, retries(TestServer.POSTGRES_EMBEDDED, 2)))
				.withMessageContaining("it was not tried again, because statement 1 (line 2) created a temporary");
			blocker.end();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void deadlockIsLostAndTriedAgain(TestServer server, CapturedOutput output) throws Exception {
		boolean postgres = server == TestServer.POSTGRES_EMBEDDED;
		folder().add("1_both.sql",
				"UPDATE t SET a = a + 1;\n"
						+ (postgres ? "SELECT pg_advisory_xact_lock(1);" : "SELECT GET_LOCK('gate', 60);")
						+ "\nUPDATE u SET a = a + 1;");
		StatementSettings settings = StatementSettings.defaults().withLockTimeout(PATIENCE).withRetries(3);
		try (TestDatabase database = create(server);
				Connection gate = database.connect();
				Statement gateStatement = gate.createStatement();
				Blocker other = new Blocker(database)) {
			other.end();
			database.execute("CREATE TABLE u (a integer)",
					"INSERT INTO u VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)");
			if (postgres) {
				// The wait that makes the deadlock whole finds it; the other's must not.
				database.execute("ALTER DATABASE " + database.name() + " SET deadlock_timeout = '50ms'");
			}
			gateStatement.execute(postgres ? "SELECT pg_advisory_lock(1)" : "SELECT GET_LOCK('gate', 60)");
			// The rows that are changed count when MySQL chooses.
			other.execute("UPDATE u SET a = a + 100");
			CompletableFuture<MigrationReport> run = start(database, settings);
			awaitSessions(database, postgres ? "wait_event = 'advisory'" : "state = 'User lock' OR state = 'user lock'",
					1);
			CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
				try {
					other.execute("UPDATE t SET a = a + 10");
					awaitOutput(output, run::isDone, RETRYING);
					other.connection.commit();
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
			awaitSessions(database,
					postgres ? "wait_event = 'transactionid' AND clock_timestamp() - query_start > interval '500 ms'"
							: "info LIKE 'UPDATE t SET a = a + 10%'",
					1);
			gateStatement.execute(postgres ? "SELECT pg_advisory_unlock(1)" : "SELECT RELEASE_LOCK('gate')");
			second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(await(run).retries()).isEqualTo(1);
			assertThat(rows(database)).containsExactly(12);
			assertThat(database.jdbc().queryForObject("SELECT min(a) FROM u", Integer.class)).isEqualTo(102);
		}
	}

	private static void awaitSessions(TestDatabase database, String condition, int count) {
		boolean postgres = database.server() == TestServer.POSTGRES_EMBEDDED;
		String query = postgres ? "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND ("
				: "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND (";
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> database.jdbc().queryForObject(query + condition + ")", Integer.class) == count);
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void noteThatAStatementIsDoneIsNotLostToALockTimeout(TestServer server) throws Exception {
		folder().add("1_table.sql", "CREATE TABLE u AS SELECT SLEEP(2) AS a;");
		try (TestDatabase database = create(server); Blocker blocker = new Blocker(database)) {
			blocker.end();
			CompletableFuture<MigrationReport> run = start(database, retries(server, 0));
			awaitSessions(database, "state = 'User sleep'", 1);
			blocker.execute("SELECT * FROM schema_migrations_journal FOR UPDATE");
			awaitSessions(database, "info LIKE 'UPDATE%schema_migrations_journal%'", 1);
			Awaitility.await().atMost(Duration.ofSeconds(20)).during(Duration.ofSeconds(2)).until(() -> !run.isDone());
			blocker.end();
			assertThat(await(run).applied()).containsExactly("1");
		}
	}

	@Test
	void saysOfTheBlockerWhatTheUserMaySeeOnMySql() throws Exception {
		folder().add("1_alter.sql", "ALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = create(TestServer.MYSQL); Blocker blocker = new Blocker(database)) {
			String user = database.createUserWithoutRights();
			database.execute("GRANT ALL ON " + database.name() + ".* TO " + user + "@'%'");
			assertThat(failure(database.as(user, "secret"))).contains("It was tried once").doesNotContain("locked by");
			database.execute("GRANT SELECT ON performance_schema.* TO " + user + "@'%'");
			assertThat(failure(database.as(user, "secret"))).contains("Blocked by session " + blocker.session())
				.contains("SELECT a FROM t");
		}
	}

	@Test
	void saysOfTheBlockerWhatTheUserMaySeeOnPostgres() throws Exception {
		folder().add("1_alter.sql", "ALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED); Blocker blocker = new Blocker(database)) {
			String user = database.createUserWithoutRights();
			blocker.end();
			database.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + user, "ALTER TABLE t OWNER TO " + user);
			blocker.execute("SELECT a FROM t");
			assertThat(failure(database.as(user, "secret")))
				.contains("Blocked by session " + blocker.session() + " (PostgreSQL JDBC Driver)")
				.doesNotContain("SELECT a FROM t");
			blocker.end();
			database.execute("DROP OWNED BY " + user);
		}
	}

	private String failure(TestDatabase database) {
		try {
			migrate(database, retries(database.server(), 0).withLockTimeout(LONG_ENOUGH_TO_LOOK));
			throw new AssertionError("The migration did not fail");
		}
		catch (MigrationFailedException ex) {
			return ex.getDescription();
		}
	}

	@Test
	void interruptEndsThePause(CapturedOutput output) throws Exception {
		folder().add("1_alter.sql", "ALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED); Blocker blocker = new Blocker(database)) {
			AtomicReference<Throwable> failure = new AtomicReference<>();
			Thread thread = new Thread(() -> run(database, retries(TestServer.POSTGRES_EMBEDDED, 1000)));
			thread.setUncaughtExceptionHandler((ignored, ex) -> failure.set(ex));
			thread.start();
			awaitOutput(output, () -> !thread.isAlive(), "(retry 3 of 1000)");
			thread.interrupt();
			thread.join(PATIENCE.toMillis());
			assertThat(failure.get()).isInstanceOf(InterruptedMigrationException.class)
				.hasMessageContaining("The pause before 1_alter.sql was to be tried again was interrupted");
			blocker.end();
			assertThat(migrate(database, retries(TestServer.POSTGRES_EMBEDDED, 0)).applied()).containsExactly("1");
		}
	}

	@Test
	void pauseIsBrokenBySignsOfLife() throws Exception {
		int[] beats = { 0 };
		RetryAttempts.sleep(Duration.ofMillis(50), Duration.ofMillis(10), () -> beats[0]++, new StopSignal());
		assertThat(beats[0]).isEqualTo(4);
	}

}
