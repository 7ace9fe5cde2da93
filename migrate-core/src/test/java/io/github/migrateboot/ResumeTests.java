package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a migration goes on after a failure that left a part of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResumeTests {

	private static final String BAD = "INSERT INTO nowhere VALUES (1);\n";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, String... answers) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("resume"))
			.withResolve(Stream.of(answers).map(Resolution::parse).toList());
		return new Migrator(folder().source(), database.connections(), settings).migrate();
	}

	private void assertFails(TestDatabase database, String... texts) {
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
			.satisfies((failure) -> assertThat(failure.getMessage()).contains(texts));
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

	private static Map<String, Object> journal(TestDatabase database) {
		return database.jdbc().queryForMap("SELECT * FROM " + database.quoted("schema_migrations_journal"));
	}

	/**
	 * What no database understands commits nothing, so the beginning is undone with it.
	 */
	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB", "H2" })
	void firstStatementThatFailsBeforeItCommitsIsJournalled(TestServer server) {
		folder().add("1_a.sql", "CREATE TABEL t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 1 of 2", "Nothing of the migration has taken effect");
			assertThat(journal(database)).containsEntry("state", "failed")
				.containsEntry("statements_done", 0)
				.containsEntry("statement", 1)
				.containsEntry("statements", 2);
			folder().add("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB", "H2" })
	void ddlBehindDdlIsKnownToBeDone(TestServer server) {
		String begin = "CREATE TABLE t (a integer);\nCREATE TABLE u (a integer);\n";
		folder().add("1_a.sql", begin + "CREATE TABEL v (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 4", "Statements 1 to 2 have taken effect");
			assertThat(journal(database)).containsEntry("state", "failed")
				.containsEntry("statements_done", 2)
				.containsEntry("statement", 3);
			folder().add("1_a.sql", begin + "CREATE TABLE v (a integer);\nINSERT INTO t VALUES (1);");
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
		}
	}

	/**
	 * The one before it leaves no transaction to the one that switches it off.
	 */
	@ParameterizedTest
	@EnumSource
	void statementsWithoutTransactionStayAlsoBehindAnotherMigration(TestServer server) {
		folder().add("1_a.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_b.sql", "INSERT INTO t VALUES (1);\n" + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 2 of 2", "Statements 1 to 1 have taken effect");
			assertThat(rows(database)).containsExactly(1);
			folder().addWithoutTransaction("2_b.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);");
			assertThat(migrate(database).applied()).containsExactly("2");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void fixedFileMayHaveMoreOrFewerStatements(TestServer server) {
		String begin = "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\n";
		folder().addWithoutTransaction("1_a.sql", begin + BAD + "INSERT INTO t VALUES (9);");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 4");
			folder().addWithoutTransaction("1_a.sql", begin + "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);\n"
					+ BAD + "INSERT INTO t VALUES (4);");
			assertFails(database, "statement 5 of 6, line 6", "Statements 1 to 4 have taken effect");
			assertThat(journal(database)).containsEntry("statements_done", 4)
				.containsEntry("statements", 6)
				.containsEntry("statement", 5);
			folder().addWithoutTransaction("1_a.sql", begin + "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);\n");
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1, 2, 3);
			assertThat(journal(database)).containsEntry("statements_done", 4)
				.containsEntry("statements", 4)
				.containsEntry("state", "applied")
				.containsEntry("error", null);
			assertThat((String) journal(database).get("statement_hashes")).hasSize(4 * 16 + 3);
		}
	}

	@ParameterizedTest
	@EnumSource
	void namesTheFirstStatementThatHasChanged(TestServer server) {
		folder().addWithoutTransaction("1_a.sql",
				"CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n" + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 4 of 4");
			folder().addWithoutTransaction("1_a.sql",
					"\n-- fixed\nCREATE TABLE t (a integer);\nINSERT INTO t VALUES (10);\nINSERT INTO t VALUES (20);\n");
			assertStops(database,
					"Statement 2 (line 5 today) has changed since then.\nStatement: INSERT INTO t VALUES (10)",
					"Put statement 2 back as it was");
			folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\n");
			assertStops(database, "Statement 3 is no longer in the file, which has 2.", "Put statement 3 back");
			assertThat(rows(database)).containsExactly(1, 2);
			folder().addWithoutTransaction("1_a.sql",
					"-- other comments and line ends\r\nCREATE TABLE t (a integer);\r\nINSERT INTO t VALUES (1);\r\n"
							+ "INSERT INTO t VALUES (2);\r\nINSERT INTO t VALUES (3);\r\n");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource
	void byHandTheWaysOnStillWork(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\n" + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 2 of 2");
			database.execute("drop table t",
					"delete from " + database.quoted("schema_migrations_journal") + " where version = '1'");
			folder().add("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
			migrate(database);
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void recordsWhatIsWholeAndOnlyLacksItsVersion(TestServer server, CapturedOutput output) {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			migrate(database);
			database.execute("delete from " + database.quoted("schema_migrations"),
					"update " + database.quoted("schema_migrations_journal") + " set state = 'running'");
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
			assertThat(database.versions()).containsExactly("1");
			assertThat(journal(database)).containsEntry("state", "applied");
			assertThat(output).contains("1_a.sql was started before and lacks only its record\n")
				.doesNotContain("goes on at statement");
		}
	}

	@Test
	void lastStatementThatIsSkippedLeavesOnlyTheRecord(CapturedOutput output) {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			database.execute("DELETE FROM schema_migrations",
					"UPDATE schema_migrations_journal SET state = 'running', statements_done = 1, statement = 2");
			assertThat(migrate(database, "1:2=skip").applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
			assertThat(output)
				.contains("1_a.sql was started before and lacks only its record," + " as migrate.resolve says\n")
				.doesNotContain("goes on at statement");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "H2" })
	void dataChangesSinceTheLastImplicitCommitAreMadeAgain(TestServer server) {
		String begin = "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\nCREATE TABLE u (a integer);\n"
				+ "INSERT INTO t VALUES (2);\n";
		folder().add("1_a.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 5 of 5", "Statements 1 to 3 have taken effect", "goes on at statement 4");
			assertThat(rows(database)).containsExactly(1);
			folder().add("1_a.sql", begin.replace("(2)", "(3)") + "INSERT INTO t VALUES (4);");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 3, 4);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "SQLITE" })
	void transactionalSectionIsMadeAgainAsAWhole(TestServer server) {
		String first = "-- migrate:up transaction:false\nCREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\n"
				+ "-- migrate:down\n-- migrate:up\nINSERT INTO t VALUES (2);\n";
		folder().addRaw("1_a.sql", first + BAD + "-- migrate:down\n");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 4 of 4", "Statements 1 to 2 have taken effect", "goes on at statement 3");
			assertThat(rows(database)).containsExactly(1);
			folder().addRaw("1_a.sql", first + "INSERT INTO t VALUES (3);\n-- migrate:down\n"
					+ "-- migrate:up transaction:false\nINSERT INTO t VALUES (4);\n" + BAD + "-- migrate:down\n");
			assertFails(database, "statement 6 of 6", "Statements 1 to 5 have taken effect");
			assertThat(rows(database)).containsExactly(1, 2, 3, 4);
			folder().addRaw("1_a.sql", first + "INSERT INTO t VALUES (3);\n-- migrate:down\n"
					+ "-- migrate:up\nINSERT INTO t VALUES (4);\nINSERT INTO t VALUES (5);\n-- migrate:down\n");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3, 4, 5);
		}
	}

	@Test
	void restMayBeMadeTransactional() {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\n" + BAD);
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertFails(database, "statement 2 of 2");
			folder().add("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\n" + BAD);
			assertFails(database, "Statements 1 to 1 have taken effect");
			assertThat(rows(database)).isEmpty();
			folder().add("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
			migrate(database);
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void transactionOfTheFileThatFailedIsMadeAgainAsAWhole(TestServer server) {
		String begin = "START TRANSACTION;\nINSERT INTO t VALUES (1);\n";
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_a.sql", begin + BAD + "COMMIT;");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 4", "Nothing of the migration has taken effect");
			folder().add("2_a.sql", begin + "INSERT INTO t VALUES (2);\nCOMMIT;\n" + BAD);
			assertFails(database, "statement 5 of 5", "Statements 1 to 4 have taken effect");
			folder().add("2_a.sql", begin + "INSERT INTO t VALUES (2);\nCOMMIT;\nINSERT INTO t VALUES (3);\n");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void whatStoodInATransactionWithoutAutocommitIsMadeAgain(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		String begin = "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nCOMMIT;\nINSERT INTO t VALUES (2);\n";
		folder().add("2_a.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 5 of 5", "Statements 1 to 2 have taken effect", "goes on at statement 3");
			assertThat(rows(database)).containsExactly(1);
			folder().add("2_a.sql", begin + "INSERT INTO t VALUES (3);\nCOMMIT;");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void routineThatFailedWithoutTransactionIsNotRepeatedUnasked(TestServer server) {
		folder()
			.add("1_a.sql",
					"CREATE TABLE t (a integer PRIMARY KEY);\n"
							+ "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); END;\n")
			.addWithoutTransaction("2_b.sql", "CALL p();\nINSERT INTO t VALUES (2);\n");
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 1 of 2", "a part of statement 1 may have", "2:1=retry", "2:1=skip");
			assertThat(rows(database)).containsExactly(1);
			assertStops(database, "failed in a way that may have left a part of it", "2:1=skip");
			migrate(database, "2:1=skip");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void statementThatCommitsByItselfIsNotRepeatedUnasked(TestServer server) {
		folder().add("1_a.sql", "CREATE TABLE t (a integer);\n"
				+ "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (2); COMMIT; INSERT INTO t VALUES (3); END;\n");
		String begin = "INSERT INTO t VALUES (1);\nCALL p();\n";
		folder().add("2_b.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 3", "a part of statement 2 may have", "2:2=retry");
			assertThat(rows(database)).containsExactly(1, 2);
			folder().add("2_b.sql", begin + "INSERT INTO t VALUES (4);");
			assertStops(database, "Statement 2 (line 3 today)", "2:2=skip");
			migrate(database, "2:2=skip");
			assertThat(rows(database)).containsExactly(1, 2, 4);
		}
	}

	@Test
	void sessionSettingsAreRepeatedOnPostgres(CapturedOutput output) {
		folder().add("1_schema.sql", "CREATE SCHEMA app; CREATE TABLE app.t (a integer); CREATE TABLE t (a integer);"
				+ "CREATE ROLE resume_r; GRANT ALL ON SCHEMA app TO resume_r; GRANT ALL ON app.t TO resume_r;");
		String begin = "SET search_path = app;\nSELECT pg_catalog.set_config('lock_timeout', '7s', false);\n"
				+ "SET ROLE resume_r;\nINSERT INTO t VALUES (1);\n";
		folder().addWithoutTransaction("2_a.sql", begin + BAD);
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			try {
				assertFails(database, "statement 5 of 5", "Statements 1 to 4 have taken effect");
				folder().addWithoutTransaction("2_a.sql", begin
						+ "INSERT INTO t SELECT 2 WHERE current_user = 'resume_r' AND current_setting('lock_timeout') = '7s';"
						+ "\nRESET ROLE;\nINSERT INTO t SELECT 3 WHERE current_user = session_user;\n" + BAD);
				assertFails(database, "statement 8 of 8", "Statements 1 to 7 have taken effect");
				assertThat(output).contains("Repeating statement 1 (line 2) of 2_a.sql, which sets the session");
				folder().addWithoutTransaction("2_a.sql", begin
						+ "INSERT INTO t SELECT 2 WHERE current_user = 'resume_r' AND current_setting('lock_timeout') = '7s';"
						+ "\nRESET ROLE;\nINSERT INTO t SELECT 3 WHERE current_user = session_user;\n"
						+ "INSERT INTO t SELECT 4 WHERE current_user = session_user;");
				migrate(database);
				assertThat(database.jdbc().queryForList("SELECT a FROM app.t ORDER BY a", Integer.class))
					.containsExactly(1, 2, 3, 4);
				assertThat(rows(database)).isEmpty();
			}
			finally {
				database.execute("drop owned by resume_r", "drop role resume_r");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void sessionSettingsAreRepeatedOnMySql(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		String begin = "SET @old = @@foreign_key_checks, foreign_key_checks = 0;\nSET @two = 2;\n"
				+ "INSERT INTO t VALUES (1);\nLOCK TABLES t WRITE;\nALTER TABLE t ADD COLUMN b integer;\n";
		folder().addWithoutTransaction("2_a.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 6 of 6", "Statements 1 to 5 have taken effect");
			folder().addWithoutTransaction("2_a.sql", begin
					+ "INSERT INTO t SELECT @two, @@foreign_key_checks;\nUNLOCK TABLES;\nSET foreign_key_checks = @old;\n"
					+ "INSERT INTO t SELECT 3, @@foreign_key_checks;");
			migrate(database);
			assertThat(database.jdbc().queryForList("SELECT b FROM t WHERE a > 1 ORDER BY a", Integer.class))
				.containsExactly(0, 1);
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void sessionSettingsAreRepeatedOnH2AndSqlite() {
		folder().addWithoutTransaction("1_a.sql",
				"CREATE SCHEMA app;\nSET SCHEMA app;\nCREATE TABLE t (a integer);\n" + BAD);
		try (TestDatabase database = TestServer.H2.create()) {
			assertFails(database, "statement 4 of 4");
			folder().addWithoutTransaction("1_a.sql",
					"CREATE SCHEMA app;\nSET SCHEMA app;\nCREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
			migrate(database);
			assertThat(database.jdbc().queryForList("SELECT a FROM app.t", Integer.class)).containsExactly(1);
		}
		folder().addWithoutTransaction("1_a.sql", "PRAGMA foreign_keys = ON;\nCREATE TABLE t (a integer);\n" + BAD);
		try (TestDatabase database = TestServer.SQLITE.create()) {
			assertFails(database, "statement 3 of 3");
			folder().addWithoutTransaction("1_a.sql", "PRAGMA foreign_keys = ON;\nCREATE TABLE t (a integer);\n"
					+ "INSERT INTO t SELECT foreign_keys FROM pragma_foreign_keys;");
			migrate(database);
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void variableThatWasComputedIsMissed(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		String begin = "SET @n = (SELECT 1 + COUNT(*) FROM t);\nINSERT INTO t VALUES (@n);\n";
		folder().addWithoutTransaction("2_a.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 3");
			folder().addWithoutTransaction("2_a.sql", begin + "INSERT INTO t VALUES (@n + 1);");
			assertStops(database,
					"It cannot go on at statement 3 (line 4 today), because statement 3 (line 4) uses @n, whose value"
							+ " is gone with the session.",
					"set migrate.resolve to 2:3=retry");
			assertThat(rows(database)).containsExactly(1);
			folder().addWithoutTransaction("2_a.sql", begin + "INSERT INTO t VALUES (2);");
			migrate(database);
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void keyThatWasGeneratedIsMissed(TestServer server) {
		folder().add("1_table.sql",
				"CREATE TABLE t (a integer);\nCREATE TABLE k (id integer AUTO_INCREMENT PRIMARY KEY);");
		folder().addWithoutTransaction("2_a.sql", "INSERT INTO k VALUES (NULL);\n" + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 2 of 2");
			folder().addWithoutTransaction("2_a.sql",
					"INSERT INTO k VALUES (NULL);\nINSERT INTO t VALUES (LAST_INSERT_ID());");
			assertStops(database, "statement 2 (line 3) asks what an earlier statement of the session did",
					"2:2=retry");
			assertThat(rows(database)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "SQLITE" })
	void temporaryTableIsMissed(TestServer server) {
		String begin = "CREATE TABLE t (a integer);\nCREATE TEMPORARY TABLE x (a integer);\n";
		folder().addWithoutTransaction("1_a.sql", begin + BAD);
		try (TestDatabase database = server.create()) {
			assertFails(database, "statement 3 of 3");
			folder().addWithoutTransaction("1_a.sql", begin + "CREATE TEMPORARY TABLE x (a integer);\n"
					+ "INSERT INTO x VALUES (1);\nINSERT INTO t SELECT a FROM x;");
			assertStops(database, "statement 2 (line 3) created a temporary table", "1:3=retry");
			assertStops(database, "statement 2 (line 3) created a temporary table", "1:3=retry", "1:3=skip");
			migrate(database, "1:3=retry");
			assertThat(rows(database)).containsExactly(1);
		}
	}

}
