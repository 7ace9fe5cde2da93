package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a start makes of a migration whose process or session was killed.
 */
class UnknownOutcomeTests {

	private static final String FIRST = "INSERT INTO t VALUES (1);\n";

	private static final String LAST = "INSERT INTO t VALUES (3);\n";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, String... answers) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("unknown"))
			.withResolve(Stream.of(answers).map(Resolution::parse).toList());
		return new Migrator(folder().source(), database.connections(), settings).migrate();
	}

	private void assertStops(TestDatabase database, String description, String action, String... answers) {
		assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database, answers))
			.satisfies((failure) -> {
				assertThat(failure.getDescription()).contains(description);
				assertThat(failure.getAction()).contains(action);
			});
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	private TestDatabase create(TestServer server) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE t (a integer)");
		if (server == TestServer.H2) {
			database
				.execute("CREATE ALIAS doze AS 'int doze(int ms) throws Exception { Thread.sleep(ms); return 2; }'");
		}
		return database;
	}

	/**
	 * An insert of a 2 that takes a while: longer where the server or the process ends it
	 * than where it runs to its end.
	 */
	private static String slow(TestServer server) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "INSERT INTO t SELECT 2 FROM pg_sleep(20);\n";
			case MYSQL, MARIADB -> "INSERT INTO t SELECT 2 + 0 * SLEEP(3);\n";
			case SQLITE -> "INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c"
					+ " WHERE x < 100000000000) SELECT min(x) FROM c;\n";
			case H2 -> "INSERT INTO t VALUES (doze(3000));\n";
		};
	}

	private static void awaitBegun(TestDatabase database, int statement) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptions()
			.until(() -> database.jdbc()
				.queryForObject("SELECT statement FROM " + database.quoted("schema_migrations_journal"), Integer.class),
					(started) -> started == statement);
	}

	private static void awaitSleeping(TestDatabase database) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> sleeper(database), (sleeper) -> !sleeper.isEmpty());
	}

	private static List<Long> sleeper(TestDatabase database) {
		return database.jdbc()
			.queryForList(database.server().name().startsWith("POSTGRES")
					? "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
					: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep' AND db = DATABASE()",
					Long.class);
	}

	private void killProcess(TestDatabase database, int statement) {
		try (ChildJvm child = MigrateProcess.start(database, folder(), "killed")) {
			awaitBegun(database, statement);
			child.kill();
		}
	}

	private void killSession(TestDatabase database, String... answers) {
		CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(() -> migrate(database, answers));
		awaitSleeping(database);
		Long session = sleeper(database).get(0);
		database.execute(database.server().name().startsWith("POSTGRES")
				? "SELECT pg_terminate_backend(" + session + ")" : "KILL " + session);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(run::join)
			.withCauseInstanceOf(MigrationFailedException.class)
			.withMessageContaining("whether the statement took effect is not known");
	}

	@ParameterizedTest
	@EnumSource
	void statementThatWasCutOffStopsTheStart(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", FIRST + "\n" + slow(server) + LAST);
		try (TestDatabase database = create(server)) {
			killProcess(database, 2);
			assertStops(database, "Statement 2 (line 4 today) started at 20", "set migrate.resolve to 1:2=skip");
			assertStops(database, "was cut off, so whether it has taken effect is not known.\nStatement: INSERT INTO t",
					"1:2=retry", "1:1=retry", "1:3=skip", "2:2=skip");
			assertThat(database.versions()).isEmpty();
			if (rows(database).equals(List.of(1))) {
				folder().addWithoutTransaction("1_a.sql", FIRST + "INSERT INTO t VALUES (2);\n" + LAST);
				assertThat(migrate(database, "1:2=retry").applied()).containsExactly("1");
			}
			else {
				assertThat(rows(database)).as("the server ran it to its end").containsExactly(1, 2);
				assertThat(migrate(database, "1:2=skip").applied()).containsExactly("1");
			}
			assertThat(rows(database)).containsExactly(1, 2, 3);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "H2" })
	void firstStatementThatWasCutOffStopsTheStart(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", slow(server) + LAST);
		try (TestDatabase database = create(server)) {
			killProcess(database, 1);
			assertStops(database, "Statement 1 (line 2 today) started at 20", "set migrate.resolve to 1:1=skip");
			assertThat(rows(database)).doesNotContain(3);
			assertThat(database.versions()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void ddlThatTheServerRanToItsEndCanBeSkipped(TestServer server) {
		folder().add("1_a.sql", FIRST + "CREATE TABLE u AS SELECT SLEEP(3) AS b;\n" + LAST);
		try (TestDatabase database = create(server)) {
			killProcess(database, 2);
			assertStops(database, "statements 1 to 1 have taken effect, of 3. Statement 2 (line 3 today)", "1:2=skip");
			assertThat(database.jdbc().queryForList("SELECT b FROM u", Integer.class))
				.as("the lock was free only after the statement's end")
				.containsExactly(0);
			migrate(database, "1:2=skip");
			assertThat(rows(database)).containsExactly(1, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void dataChangesInATransactionThatWasCutOffAreMadeAgain(TestServer server) {
		String ddl = server.name().startsWith("POSTGRES")
				? "CREATE TABLE u (a integer);\n-- migrate:down\n-- migrate:up\n" : "CREATE TABLE u (a integer);\n";
		String header = server.name().startsWith("POSTGRES") ? "-- migrate:up transaction:false\n" : "-- migrate:up\n";
		folder().addRaw("1_a.sql", header + ddl + FIRST + slow(server) + LAST + "-- migrate:down\n");
		try (TestDatabase database = create(server)) {
			try (ChildJvm child = MigrateProcess.start(database, folder(), "killed")) {
				awaitSleeping(database);
				child.kill();
			}
			folder().addRaw("1_a.sql",
					header + ddl + FIRST + "INSERT INTO t VALUES (2);\n" + LAST + "-- migrate:down\n");
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void transactionOfTheFileThatWasCutOffIsMadeAgain() {
		folder().add("1_a.sql", "BEGIN;\n" + FIRST + slow(TestServer.POSTGRES_EMBEDDED) + "COMMIT;\n" + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			killSession(database);
			folder().add("1_a.sql", "BEGIN;\n" + FIRST + "INSERT INTO t VALUES (2);\nCOMMIT;\n" + LAST);
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void commitThatIsInTheJournalIsDone() {
		folder().add("1_a.sql", "BEGIN;\n" + FIRST + "COMMIT;\n" + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			migrate(database);
			database.execute("DELETE FROM t WHERE a = 3", "DELETE FROM schema_migrations",
					"UPDATE schema_migrations_journal SET state = 'running', statements_done = 2, statement = 3");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void eachAnswerIsHonouredOnce(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", FIRST + slow(server) + LAST);
		try (TestDatabase database = create(server)) {
			killSession(database);
			killSession(database, "1:2=retry");
			assertStops(database, "Statement 2 (line 3 today)",
					"Each answer counts once, and 1 about statement 2 has been used", "1:2=retry");
			assertThat(rowsOfOthers(database)).containsExactly(1);
			killSession(database, "1:2=retry", "1:2=retry");
			assertStops(database, "Statement 2", "and 2 about statement 2 have been used", "1:2=retry", "1:2=retry");
			migrate(database, "1:2=retry", "1:2=retry", "1:2=skip");
			assertThat(rowsOfOthers(database)).containsExactly(1, 3);
		}
	}

	/** MySQL may commit an insert whose session was killed while it slept. */
	private static List<Integer> rowsOfOthers(TestDatabase database) {
		return rows(database).stream().filter((row) -> row != 2).toList();
	}

	@Test
	void answersStayUsedWhenTheMigrationIsRolledBackAndStartsOver() {
		folder().addWithoutTransaction("1_a.sql", FIRST + slow(TestServer.POSTGRES_EMBEDDED) + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			killSession(database);
			migrate(database, "1:2=skip");
			assertThat(rows(database)).containsExactly(1, 3);
			database.execute("DELETE FROM schema_migrations", "DELETE FROM t");
			killSession(database, "1:2=skip");
			assertStops(database, "Statement 2 (line 3 today)", "has been used", "1:2=skip");
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@Test
	void skippedStatementMustBeTheOneThatWasBegun() {
		folder().addWithoutTransaction("1_a.sql", FIRST + slow(TestServer.POSTGRES_EMBEDDED) + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			killSession(database);
			folder().addWithoutTransaction("1_a.sql", FIRST + LAST);
			assertStops(database, "Statement 2 (line 3 today) has changed since then.", "Put statement 2 back",
					"1:2=skip");
			assertThat(rows(database)).containsExactly(1);
			migrate(database, "1:2=retry");
			assertThat(rows(database)).containsExactly(1, 3);
		}
	}

	@Test
	void statementsUnderAnotherRoleAreJournalledOneByOne() {
		folder().addWithoutTransaction("1_a.sql", FIRST + "SET ROLE pg_write_all_data;\nSELECT pg_sleep(20);\n"
				+ "INSERT INTO t VALUES (2);\nRESET ROLE;\n" + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			killSession(database);
			assertStops(database, "Statement 3 (line 4 today)", "1:3=skip");
			migrate(database, "1:3=skip");
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	/**
	 * The answer was wrong: the statement had taken effect.
	 */
	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2", "SQLITE" })
	void answerThatWasWrongCanBeCorrected(TestServer server) {
		folder().addWithoutTransaction("1_a.sql",
				FIRST + "ALTER TABLE t ADD COLUMN b integer;\n" + LAST.replace("(3)", "(3, 3)"));
		try (TestDatabase database = create(server)) {
			migrate(database);
			assertThat(database.versions()).containsExactly("1");
			// As if the process had died before the second statement was noted.
			database.execute("DELETE FROM t WHERE a = 3", "DELETE FROM " + database.quoted("schema_migrations"),
					"UPDATE " + database.quoted("schema_migrations_journal")
							+ " SET state = 'running', statements_done = 1, statement = 2");
			for (int start = 0; start < 2; start++) {
				assertThatExceptionOfType(MigrationFailedException.class)
					.isThrownBy(() -> migrate(database, "1:2=retry"))
					.satisfies((failure) -> {
						assertThat(failure.getDescription()).contains("Statements 1 to 1 have taken effect and stay.",
								"so it may have taken effect before");
						assertThat(failure.getDescription()).doesNotContain("the others have not", "Nothing of");
						assertThat(failure.getAction()).contains("set migrate.resolve to 1:2=skip in place of");
					});
			}
			migrate(database, "1:2=skip");
			assertThat(rows(database)).containsExactly(1, 3);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void laterAnswerMayAlsoBeAddedToTheList() {
		folder().addWithoutTransaction("1_a.sql", "ALTER TABLE t ADD COLUMN b integer;\nINSERT INTO t VALUES (3, 3);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			migrate(database);
			database.execute("DELETE FROM t", "DELETE FROM schema_migrations",
					"UPDATE schema_migrations_journal SET state = 'running', statements_done = 0, statement = 1");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database, "1:1=retry"))
				.satisfies(
						(failure) -> assertThat(failure.getDescription()).contains("Statement 1 was executed once more")
							.doesNotContain("Nothing of the migration has taken effect"));
			migrate(database, "1:1=retry", "1:1=skip");
			assertThat(rows(database)).containsExactly(3);
		}
	}

	/**
	 * If it had not taken effect after all, a fixed file goes on as after any failure.
	 */
	@Test
	void statementThatIsTriedAgainCanBeFixed() {
		folder().addWithoutTransaction("1_a.sql", FIRST + slow(TestServer.POSTGRES_EMBEDDED) + LAST);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			killSession(database);
			folder().addWithoutTransaction("1_a.sql", FIRST + "INSERT INTO nowhere VALUES (2);\n" + LAST);
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database, "1:2=retry"))
				.withMessageContaining("If not, fix line 3");
			folder().addWithoutTransaction("1_a.sql", FIRST + "INSERT INTO t VALUES (2);\n" + LAST);
			migrate(database, "1:2=retry");
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	/**
	 * Nothing is journalled in between, so the question is about all of it.
	 */
	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void statementAndWhatAsksAboutItAreOneUnknownOutcome(TestServer server) {
		folder().addWithoutTransaction("1_a.sql",
				FIRST + "UPDATE t SET a = 2;\nINSERT INTO t SELECT 2 + ROW_COUNT() + SLEEP(3);\n");
		try (TestDatabase database = create(server)) {
			killSession(database);
			assertStops(database, "Statements 2 to 3, which count as one (line 3 today),", "1:2=skip");
			assertThat(database.versions()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "POSTGRES_EMBEDDED", "POSTGRES" })
	void transactionWithItsSettingThatWasCutOffIsMadeAgain(TestServer server) {
		boolean postgres = server.name().startsWith("POSTGRES");
		String set = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n";
		String begin = FIRST + (postgres ? "BEGIN;\n" + set : set + "START TRANSACTION;\n");
		String end = "COMMIT;\n" + LAST;
		folder().addWithoutTransaction("1_a.sql", begin + slow(server) + end);
		try (TestDatabase database = create(server)) {
			killSession(database);
			assertThat(rowsOfOthers(database)).containsExactly(1);
			folder().addWithoutTransaction("1_a.sql", begin + "INSERT INTO t VALUES (2);\n" + end);
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	/**
	 * The statement before it has committed, so it is not made again.
	 */
	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void ddlInATransactionOfTheFileEndsIt(TestServer server) {
		String begin = "START TRANSACTION;\n" + FIRST + "CREATE TABLE u (a integer);\n";
		folder().addWithoutTransaction("1_a.sql", begin + slow(server) + "COMMIT;\n" + LAST);
		try (TestDatabase database = create(server)) {
			killSession(database);
			assertStops(database, "Statement 4 (line 5 today)", "1:4=skip");
			database.execute("DELETE FROM t WHERE a = 2");
			folder().addWithoutTransaction("1_a.sql", begin + "INSERT INTO t VALUES (2);\nCOMMIT;\n" + LAST);
			migrate(database, "1:4=retry");
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	/**
	 * What was prepared outlives its session, and nobody can know whether it was.
	 */
	@Test
	void distributedTransactionThatWasCutOffIsAskedAbout() {
		folder().addWithoutTransaction("1_a.sql", FIRST + "XA START 'unknown';\nINSERT INTO t VALUES (2);\n"
				+ "SELECT SLEEP(60);\nXA END 'unknown';\nXA COMMIT 'unknown' ONE PHASE;\n" + LAST);
		try (TestDatabase database = create(TestServer.MARIADB)) {
			killSession(database);
			assertStops(database, "Statements 2 to 6, which count as one", "1:2=skip");
		}
	}

}
