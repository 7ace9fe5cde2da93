package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever a file makes of its session, the journal is written and the file's statements
 * run in the session as the file has made it.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChangedSessionTests {

	private static final String NOBODY = "meaning_nobody";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private void migrate(TestDatabase database, LockChoice strategy) {
		new Migrator(folder().source(), database.connections(), MigratorSettings.defaults(Instance.current("changed"))
			.withLock(LockSettings.defaults().withStrategy(strategy))).migrate();
	}

	static Stream<Arguments> waysToTakeARole() {
		return Stream
			.of("set role R;", "set session role R;", "set session role 'R';", "set /* */ role R;",
					"select set_config('role', 'R', false);", "select pg_catalog.set_config('role', 'R', false), 1;",
					"set session authorization R;", "set session session authorization R;",
					"select set_config('session_authorization', 'R', false);", "select become();",
					"do $$ begin perform set_config('role', 'R', false); end $$;", "do $$ begin set role R; end $$;",
					"begin; set role R; commit;", "select 1; set role R; set search_path = pg_catalog;",
					"set role R; set default_transaction_read_only = on; set default_transaction_read_only = off;",
					"set role R; set row_security = off; set statement_timeout = '1min';")
			.map((way) -> way.replace("R", NOBODY))
			.flatMap((way) -> Stream.of(Arguments.of(way, LockChoice.AUTO), Arguments.of(way, LockChoice.LEASE)));
	}

	@ParameterizedTest
	@MethodSource("waysToTakeARole")
	void roleOnPostgresStaysWithTheFile(String way, LockChoice strategy) {
		folder().addWithoutTransaction("1_a.sql",
				way + "\ninsert into public.t values (current_user);\ninsert into public.t values (current_user);");
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			migrate(role.database, strategy);
			assertThat(role.whoWrote()).containsExactly(NOBODY, NOBODY);
			assertThat(role.journalled()).containsExactly("applied");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "AUTO", "LEASE" })
	void roleOfATransactionOnPostgresEndsWithIt(LockChoice strategy) {
		folder().addWithoutTransaction("1_a.sql",
				"begin;\nset local role R;\ninsert into t values (current_user);\ncommit;\ninsert into t values ('after');\n"
					.replace("R", NOBODY)
						+ "begin;\nset local session authorization R;\ninsert into t values (current_user);\ncommit;\n"
							.replace("R", NOBODY)
						+ "begin;\nselect become();\ninsert into t values (current_user);\ncommit;\ninsert into t values (current_user);");
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			migrate(role.database, strategy);
			assertThat(role.whoWrote()).containsExactly(NOBODY, "after", NOBODY, NOBODY, NOBODY);
			assertThat(role.journalled()).containsExactly("applied");
		}
	}

	/**
	 * A trigger that is deferred to the commit is executed by whom the file has become.
	 */
	@Test
	void deferredTriggerIsExecutedUnderTheRoleOfTheFile() {
		folder().addWithoutTransaction("1_a.sql",
				"begin;\nset local role R;\ninsert into deferred values (1);\ncommit;".replace("R", NOBODY));
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			migrate(role.database, LockChoice.AUTO);
			assertThat(role.whoWrote()).containsExactly(NOBODY);
		}
	}

	@Test
	void transactionalSectionThatTakesARoleIsFollowedByOneThatHasIt() {
		folder().addRaw("1_a.sql",
				("-- migrate:up\nset role R;\ninsert into t values (current_user);\n-- migrate:down\n"
						+ "-- migrate:up transaction:false\ninsert into t values (current_user);\n-- migrate:down\n"
						+ "-- migrate:up\ninsert into t values (current_user);\n-- migrate:down\n")
					.replace("R", NOBODY));
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			migrate(role.database, LockChoice.AUTO);
			assertThat(role.whoWrote()).containsExactly(NOBODY, NOBODY, NOBODY);
			assertThat(role.journalled()).containsExactly("applied");
		}
	}

	@Test
	void failureUnderAnotherRoleSaysWhatHasTakenEffect() {
		folder().addWithoutTransaction("1_a.sql",
				"select become();\ninsert into t values (current_user);\ninsert into secret values (1);");
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(role.database, LockChoice.AUTO))
				.withMessageContaining("failed at statement 3 of 3")
				.withMessageContaining("permission denied for table secret")
				.withMessageContaining("Statements 1 to 2 have taken effect and stay");
			assertThat(role.whoWrote()).containsExactly(NOBODY);
			assertThat(role.journalled()).containsExactly("failed");
		}
	}

	/**
	 * Nobody knows any more what they have set.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"select become()                                             | statement 2 (line 3, calls become)",
			"insert into t select 'called' where become() is not null    | statement 2 (line 3, calls become)",
			"with r as (select set_config('role', 'R', false)) table r   | statement 2 (line 3, calls set_config)",
			"do $$ begin perform set_config('role', 'R', false); end $$  | statement 2 (line 3, calls set_config)",
			"do $$ begin set role R; end $$                              | statement 2 (line 3)" })
	void migrationGoesOnWithoutWhatCodeHasSetAndWarns(String way, String named, CapturedOutput output) {
		String begin = "select count(*), now() from t;\n" + way.replace("R", NOBODY)
				+ ";\ninsert into t values (current_user);\n";
		folder().addWithoutTransaction("1_a.sql", begin + "insert into secret values (1);");
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(role.database, LockChoice.AUTO))
				.withMessageContaining("permission denied for table secret");
			assertThat(output).doesNotContain("is not repeated");
			folder().addWithoutTransaction("1_a.sql", begin + "insert into t values ('rest');");
			migrate(role.database, LockChoice.AUTO);
			assertThat(output).containsPattern("WARN .*1_a\\.sql.*is not repeated: \\Q" + named
					+ ". If statement 4 (line 5) or a later one needs it");
			assertThat(role.whoWrote()).endsWith(NOBODY, "rest");
			assertThat(role.journalled()).containsExactly("applied");
		}
	}

	@Test
	void nothingIsSaidOfWhatTheFileShowsAndOfTheServersOwnFunctions(CapturedOutput output) {
		String begin = "select coalesce(max(who), '" + "x".repeat(500_000) + "'), count(*) from t;\nset role R;\n"
				+ "select set_config('lock_timeout', '7s', false);\ninsert into t (who) values (lower(current_user));\n";
		begin = begin.replace("R", NOBODY);
		folder().addWithoutTransaction("1_a.sql", begin + "insert into secret values (1);");
		try (Role role = new Role(TestServer.POSTGRES_EMBEDDED)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(role.database, LockChoice.AUTO));
			folder().addWithoutTransaction("1_a.sql", begin + "insert into t values (current_user);");
			migrate(role.database, LockChoice.AUTO);
			assertThat(output).contains("goes on at statement 5 of 5").doesNotContain("is not repeated");
			assertThat(role.whoWrote()).containsExactly(NOBODY, NOBODY);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void roleOnMySqlStaysWithTheFile(TestServer server) {
		folder().addWithoutTransaction("1_a.sql",
				"SET ROLE " + NOBODY + ";\nINSERT INTO t VALUES ('role');\nINSERT INTO t VALUES ('role');\n"
						+ "START TRANSACTION;\nINSERT INTO t VALUES ('transaction');\nCOMMIT;\n"
						+ "INSERT INTO t SELECT REPLACE(SUBSTRING_INDEX(CURRENT_ROLE(), '@', 1), '`', '');");
		folder().add("2_b.sql", "SET ROLE " + NOBODY
				+ ";\nINSERT INTO t VALUES ('ordinary');\nCREATE TABLE u (a integer);\nINSERT INTO t VALUES ('ordinary');");
		try (Role role = new Role(server)) {
			migrate(role.asUser, LockChoice.AUTO);
			assertThat(role.whoWrote()).containsExactly("role", "role", "transaction", NOBODY, "ordinary", "ordinary");
			assertThat(role.journalled()).containsExactly("applied", "applied");
		}
	}

	static Stream<Arguments> readOnlySessions() {
		String postgres = "set default_transaction_read_only = on;\nselect count(*) from t;\nselect count(*) from t;\n";
		String mysql = "SET SESSION TRANSACTION READ ONLY;\nSELECT COUNT(*) FROM t;\nSELECT COUNT(*) FROM t;\n";
		String sqlite = "pragma query_only = 1;\nselect count(*) from t;\nselect count(*) from t;\n";
		return Stream.of(Arguments.of(TestServer.POSTGRES_EMBEDDED, postgres),
				Arguments.of(TestServer.POSTGRES_EMBEDDED,
						postgres.replace("set default_transaction_read_only = on",
								"set session characteristics as transaction read only")),
				Arguments.of(TestServer.POSTGRES_EMBEDDED,
						"begin read only;\nselect count(*) from t;\ncommit and chain;\nselect count(*) from t;\ncommit;\n"),
				Arguments.of(TestServer.MARIADB, mysql), Arguments.of(TestServer.MYSQL, mysql),
				Arguments.of(TestServer.MARIADB, "START TRANSACTION READ ONLY;\nSELECT COUNT(*) FROM t;\nCOMMIT;\n"),
				Arguments.of(TestServer.SQLITE, sqlite),
				Arguments.of(TestServer.SQLITE,
						"begin;\ninsert into t values ('kept');\npragma query_only = 1;\ncommit;\ndelete from t;\n"
							.replace("delete from t;\n", "pragma query_only = 0;\ndelete from t;\n")));
	}

	@ParameterizedTest
	@MethodSource("readOnlySessions")
	void sessionThatOnlyReadsIsJournalled(TestServer server, String file) {
		folder().addWithoutTransaction("1_a.sql", file).add("2_b.sql", "INSERT INTO t VALUES ('next');");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE t (who varchar(40))");
			migrate(database, LockChoice.AUTO);
			assertThat(database.jdbc().queryForList("SELECT who FROM t", String.class)).containsExactly("next");
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	/**
	 * A database with a role that may do little.
	 */
	private static final class Role implements AutoCloseable {

		private final TestDatabase database;

		private final TestDatabase asUser;

		Role(TestServer server) {
			this.database = server.create();
			this.database.execute("CREATE TABLE t (who varchar(40))");
			if (server == TestServer.POSTGRES_EMBEDDED) {
				this.database.execute("create table secret (a integer)", "create table deferred (a integer)",
						"create function defer() returns trigger language plpgsql as $$ begin insert into t values"
								+ " (current_user); return null; end $$",
						"create constraint trigger later after insert on deferred deferrable initially deferred"
								+ " for each row execute function defer()",
						"create role " + NOBODY, "grant all on t, deferred to " + NOBODY,
						"create function become() returns void language plpgsql as $$ begin perform"
								+ " set_config('role', '" + NOBODY + "', false); end $$");
				this.asUser = this.database;
				return;
			}
			// What the user may do comes with a role, which another one takes away.
			String user = this.database.createUserWithoutRights();
			String name = this.database.name();
			this.database.execute("CREATE ROLE meaning_all", "CREATE ROLE " + NOBODY,
					"GRANT ALL ON " + name + ".* TO meaning_all", "GRANT SELECT, INSERT ON " + name + ".t TO " + NOBODY,
					"GRANT CREATE, DROP ON " + name + ".* TO " + NOBODY, "GRANT meaning_all TO " + user,
					"GRANT " + NOBODY + " TO " + user, (server == TestServer.MYSQL)
							? "SET DEFAULT ROLE meaning_all TO " + user : "SET DEFAULT ROLE meaning_all FOR " + user);
			this.asUser = this.database.as(user, "secret");
		}

		List<String> whoWrote() {
			return this.database.jdbc().queryForList("SELECT who FROM t", String.class);
		}

		List<String> journalled() {
			return this.database.jdbc()
				.queryForList("SELECT state FROM schema_migrations_journal ORDER BY version", String.class);
		}

		@Override
		public void close() {
			if (this.database == this.asUser) {
				this.database.execute("drop owned by " + NOBODY, "drop role " + NOBODY);
			}
			else {
				this.database.execute("DROP ROLE meaning_all", "DROP ROLE " + NOBODY);
			}
			this.database.close();
		}

	}

}
