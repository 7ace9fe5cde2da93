package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
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
 * What a migration can do to its session, its transaction and its lock.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrapTests {

	private static final String COUNT = "SELECT count(*) FROM t";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("traps")))
			.migrate();
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "MARIADB", "MYSQL" })
	void lockReleasedByTheFileIsFoundOut(TestServer server) {
		String release = server.name().startsWith("POSTGRES") ? "SELECT pg_advisory_unlock_all();"
				: "DO RELEASE_ALL_LOCKS();";
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_release.sql", "INSERT INTO t VALUES (1);\n" + release)
			.add("3_later.sql", "INSERT INTO t VALUES (3);");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("2_release.sql")
				.withMessageContaining("no longer held");
			assertThat(database.versions()).containsExactly("1");
			assertThat(database.jdbc().queryForObject(COUNT, Integer.class)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void lockReleasedWithoutTransactionIsFoundOutBeforeTheNextStatement(TestServer server) {
		String release = server.name().startsWith("POSTGRES") ? "SELECT pg_advisory_unlock_all();"
				: "DO RELEASE_ALL_LOCKS();";
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_release.sql", release + "\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> migrate(database));
			assertThat(database.versions()).containsExactly("1");
			assertThat(database.jdbc().queryForObject(COUNT, Integer.class)).isZero();
		}
	}

	@Test
	void sessionStateDoesNotLeakToTheNextFileOnPostgres() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer); CREATE SCHEMA other; CREATE ROLE \"traps_r\";")
			.add("2_mess.sql", """
					SET search_path = other;
					SET statement_timeout = '1ms';
					SET default_transaction_read_only = on;
					SET standard_conforming_strings = off;
					SET ROLE "traps_r";
					""")
			.addWithoutTransaction("3_mess.sql",
					"INSERT INTO t VALUES (1);\nSET search_path = other;\nSET ROLE traps_r;")
			.add("4_after.sql", "INSERT INTO t SELECT 2 WHERE current_user = session_user;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			try {
				assertThat(migrate(database).applied()).containsExactly("1", "2", "3", "4");
				assertThat(database.jdbc().queryForObject(COUNT, Integer.class)).isEqualTo(2);
				assertThat(database.versions()).containsExactly("1", "2", "3", "4");
			}
			finally {
				database.execute("drop role traps_r");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void sessionStateDoesNotLeakToTheNextFileOnMySql(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer NOT NULL, b varchar(9));").add("2_mess.sql", """
				SET SESSION sql_mode = '';
				SET SESSION foreign_key_checks = 0;
				SET SESSION time_zone = '+05:00';
				USE information_schema;
				""").add("3_after.sql", """
				INSERT INTO t SELECT @@foreign_key_checks, 'fk';
				INSERT INTO t SELECT @@sql_mode LIKE '%STRICT%', 'strict';
				INSERT INTO t SELECT @@time_zone <> '+05:00', 'zone';
				""");
		try (TestDatabase database = server.create()) {
			migrate(database);
			assertThat(database.jdbc().queryForObject("SELECT sum(a) FROM t", Integer.class)).isEqualTo(3);
		}
	}

	@Test
	void sessionStateDoesNotLeakToTheNextFileOnSqlite() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_mess.sql", "PRAGMA foreign_keys = ON;\nPRAGMA recursive_triggers = ON;")
			.add("3_after.sql", "INSERT INTO t SELECT foreign_keys FROM pragma_foreign_keys;\n"
					+ "INSERT INTO t SELECT recursive_triggers FROM pragma_recursive_triggers;");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			migrate(database);
			assertThat(database.jdbc().queryForList("SELECT a FROM t", Integer.class)).containsExactly(0, 0);
		}
	}

	@Test
	void roleTakenWithoutTransactionDoesNotStopTheJournal() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer); CREATE ROLE traps_w; GRANT INSERT ON t TO traps_w;")
			.addWithoutTransaction("2_role.sql", """
					SET ROLE traps_w;
					INSERT INTO t VALUES (1);
					INSERT INTO t VALUES (2);
					RESET ROLE;
					INSERT INTO t VALUES (3);
					""")
			.addWithoutTransaction("3_role.sql", "SET ROLE traps_w;\nINSERT INTO t VALUES (4);\nSELECT a FROM t;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			try {
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
					.withMessageContaining("3_role.sql failed at statement 3 of 3")
					.withMessageContaining("Statements 1 to 2 have taken effect");
				assertThat(database.versions()).containsExactly("1", "2");
				assertThat(database.jdbc().queryForObject(COUNT, Integer.class)).isEqualTo(4);
			}
			finally {
				database.execute("drop owned by traps_w", "drop role traps_w");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void lockTablesDoesNotStopTheJournal(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer); CREATE TABLE u (a integer);")
			.add("2_locked.sql", """
					LOCK TABLES t WRITE, u WRITE;
					INSERT INTO t VALUES (1);
					ALTER TABLE u ADD COLUMN b integer;
					UNLOCK TABLES;
					INSERT INTO t VALUES (2);
					""")
			.add("3_locked.sql", "LOCK TABLES t WRITE;\nINSERT INTO t VALUES (3);\nINSERT INTO nowhere VALUES (1);");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("3_locked.sql failed at statement 3 of 3");
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@Test
	void transactionSettingsStandFirst() {
		folder().add("1_table.sql", "CREATE TABLE t (a text);")
			.add("2_level.sql", "-- strict\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n"
					+ "INSERT INTO t VALUES (current_setting('transaction_isolation'));");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			assertThat(database.jdbc().queryForObject("SELECT a FROM t", String.class)).isEqualTo("serializable");
		}
	}

	@Test
	void indexIsCreatedConcurrentlyBesideOtherStatements() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_index.sql", "INSERT INTO t VALUES (1);\n"
					+ "CREATE INDEX CONCURRENTLY t_a ON t (a);\nINSERT INTO t VALUES (2);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			assertThat(database.jdbc()
				.queryForObject("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass", Boolean.class))
				.isTrue();
			assertThat(database.jdbc().queryForObject(COUNT, Integer.class)).isEqualTo(2);
		}
	}

	@Test
	void functionBodiesAreSentWhole() {
		folder().add("1_functions.sql", """
				CREATE TABLE t (a integer);
				CREATE FUNCTION one() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 0; SELECT 1; END;
				CREATE FUNCTION two() RETURNS integer LANGUAGE plpgsql AS $body$
				BEGIN
					PERFORM 1; -- don't split
					RETURN 2;
				END
				$body$;
				INSERT INTO t SELECT one() + two();
				SELECT '{ts ?}' AS "a;b";
				""");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			assertThat(database.jdbc().queryForList("SELECT a FROM t", Integer.class)).containsExactly(3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void routinesNeedNoDelimiter(TestServer server) {
		folder().add("1_routine.sql", """
				CREATE TABLE t (a integer);
				CREATE PROCEDURE fill(IN n integer)
				BEGIN
					IF n > 0 THEN
						INSERT INTO t VALUES (n);
						INSERT INTO t VALUES (n + 1);
					END IF;
				END;
				CALL fill(1);
				""");
		try (TestDatabase database = server.create()) {
			migrate(database);
			assertThat(database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class)).containsExactly(1, 2);
		}
	}

	@Test
	void failureAtCommitIsExplained() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer, UNIQUE (a) DEFERRABLE INITIALLY DEFERRED);")
			.add("2_twice.sql", "INSERT INTO t VALUES (1), (1);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("2_twice.sql failed when it was committed")
				.withMessageContaining("duplicate key")
				.withMessageContaining("nothing of it has taken effect");
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void errorPositionInsideAStatementGivesTheLine() {
		folder().add("1_bad.sql", "SELECT 1;\nSELECT\n\t2,\n\tnope\nFROM pg_class;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("statement 2 of 2, line 5 of");
		}
	}

	@Test
	void serverNoticesAreLogged(CapturedOutput output) {
		folder().add("1_notice.sql", "DO $$ BEGIN RAISE NOTICE 'twelve rows'; END $$;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			assertThat(output).contains("The server says: twelve rows");
		}
	}

	@Test
	void historyStaysInTheSchemaThatWasCurrentAtTheStart() {
		folder().add("1_path.sql", "CREATE SCHEMA app;")
			.addWithoutTransaction("2_path.sql", "SET search_path = app;\nCREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrate(database);
			assertThat(database.jdbc()
				.queryForList("SELECT schemaname FROM pg_tables WHERE tablename = 'schema_migrations'", String.class))
				.isEqualTo(List.of("public"));
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

}
