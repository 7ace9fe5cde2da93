package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.DatabaseFailedException;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.UnexpectedFailureException;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What the summary of a failure has and what it leaves out. Whatever is secret here has a
 * wombat in it.
 */
class FailureSummaryTests {

	private static final String SECRET = "wombat";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, (settings) -> settings);
	}

	private Migrator migrator(TestDatabase database, UnaryOperator<MigratorSettings> change) {
		return new Migrator(folder().source(), database.connections(),
				change.apply(MigratorSettings.defaults(Instance.current("tests"))));
	}

	private static <T extends MigrationException> T failure(Class<T> type, Migrator migrator) {
		return hiding(catchThrowableOfType(type, migrator::migrate));
	}

	private static <T extends MigrationException> T hiding(T failure) {
		assertThat(failure).as("a failure").isNotNull();
		assertThat(failure.getMessage()).startsWith(failure.getDescription()).containsIgnoringCase(SECRET);
		assertThat(failure.getSummary()).isNotBlank().doesNotContainIgnoringCase(SECRET).doesNotContain("..", ": .");
		assertThat(failure.getAction()).doesNotContainIgnoringCase(SECRET);
		return failure;
	}

	private static String code(TestServer server, String postgres, String mySql, String sqlite, String h2) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> postgres;
			case MYSQL, MARIADB -> mySql;
			case SQLITE -> sqlite;
			case H2 -> h2;
		};
	}

	@ParameterizedTest
	@EnumSource
	void hasPlaceAndCodeOfAStatement(TestServer server) {
		folder().add("1_bad.sql", "CREATE TABLE t (a integer);\nINSERT INTO no_wombat\n VALUES ('Wombat');");
		try (TestDatabase database = server.create()) {
			String code = code(server, "SQLSTATE 42P01, code 0", "SQLSTATE 42S02, code 1146", "code 1",
					"SQLSTATE 42S02, code 42102");
			Migrator migrator = migrator(database);
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator);
			assertThat(failure.getSummary())
				.startsWith("Migration 1_bad.sql failed at statement 2 of 2, line 3 of file [" + this.path)
				.contains("1_bad.sql]: " + code + ".\n", "not applied: this one.");
			assertThat(migrator.migrations()).singleElement()
				.satisfies((info) -> assertThat(info.error()).containsIgnoringCase(SECRET));
		}
	}

	@ParameterizedTest
	@EnumSource
	void hasWhatRemainsOfAMigrationWithoutATransaction(TestServer server) {
		folder().addWithoutTransaction("1_bad.sql",
				"CREATE TABLE t (wombat varchar(20) PRIMARY KEY);\nINSERT INTO t VALUES ('wombat');\n"
						+ "INSERT INTO t VALUES ('wombat');");
		try (TestDatabase database = server.create()) {
			String code = code(server, "SQLSTATE 23505, code 0", "SQLSTATE 23000, code 1062", "code 19",
					"SQLSTATE 23505, code 23505");
			assertThat(failure(MigrationFailedException.class, migrator(database)).getSummary()).contains(
					"failed at statement 3 of 3, line 4 of ", code, "Statements 1 to 2 have taken effect and stay");
			folder().addWithoutTransaction("1_bad.sql",
					"CREATE TABLE t (wombat varchar(20) PRIMARY KEY);\nINSERT INTO t VALUES ('other wombat');");
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database)).getSummary()).contains(
					"Migration 1_bad.sql was started at ", "Statement 2 (line 3 today) has changed since then.\n");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void hasTheCodeThatTheJournalKeeps(TestServer server) {
		folder().addWithoutTransaction("1_bad.sql",
				"CREATE TABLE t (a varchar(20) PRIMARY KEY) ENGINE=MyISAM;\nINSERT INTO t VALUES ('wombat'), ('wombat');");
		try (TestDatabase database = server.create()) {
			assertThat(failure(MigrationFailedException.class, migrator(database)).getSummary())
				.contains("SQLSTATE 23000, code 1062", "but a part of statement 2 may have.");
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database)).getSummary())
				.contains("Statement 2 (line 3 today)", "may have left a part of it: SQLSTATE 23000, code 1062.\n");
		}
	}

	@Test
	void doesNotNameVariablesOfTheSession() {
		folder().addWithoutTransaction("1_bad.sql",
				"CREATE TABLE t (a integer);\nSET @wombat = (SELECT count(*) FROM t);\n"
						+ "INSERT INTO nowhere VALUES (@wombat);");
		try (TestDatabase database = TestServer.MARIADB.create()) {
			failure(MigrationFailedException.class, migrator(database));
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database)).getSummary())
				.contains("because statement 3 (line 4) uses a variable, whose value is gone with the session.\n");
		}
	}

	@Test
	void doesNotNameTheIndexThatMayHaveBeenLeft() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1), (1);");
		folder().addWithoutTransaction("2_index.sql", "CREATE UNIQUE INDEX CONCURRENTLY wombat ON t (a);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThat(failure(MigrationFailedException.class, migrator(database)).getSummary()).contains("line 2 of ",
					"SQLSTATE 23505, code 0", "If the index was left behind INVALID");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "SQLITE" })
	void hasPlaceAndCodeOfARollback(TestServer server) {
		folder().addRaw("1_down.sql",
				"-- migrate:up\nCREATE TABLE t (a integer);\n-- migrate:down\nDROP TABLE wombat;\n");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			MigrationFailedException failure = hiding(
					catchThrowableOfType(MigrationFailedException.class, () -> migrator.rollBack("1")));
			assertThat(failure.getSummary())
				.startsWith("The rollback of 1_down.sql failed at statement 1 of 1, line 4 of ")
				.contains(code(server, "SQLSTATE 42P01, code 0", "code 1051", "code 1", ""));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void namesBlockersWithoutTheirStatements(TestServer server) throws SQLException {
		folder().add("1_alter.sql", "ALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE t (a integer)");
			try (Connection other = database.connect(); Statement sql = other.createStatement()) {
				other.setAutoCommit(false);
				sql.execute("INSERT INTO t VALUES (1)");
				sql.execute("SELECT a, 'wombat' FROM t");
				StatementSettings patience = StatementSettings.defaults()
					.withLockTimeout(Duration.ofSeconds(3))
					.withRetries(0);
				MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class,
						migrator(database, (settings) -> settings.withStatement(patience))::migrate);
				if (server == TestServer.POSTGRES_EMBEDDED) {
					hiding(failure);
				}
				assertThat(failure.getSummary()).contains("line 2 of ", "It was tried once", "locked by session ")
					.doesNotContain(SECRET);
			}
		}
	}

	@Test
	void namesTheHolderOfTheLockWithoutItsStatement() {
		folder().addWithoutTransaction("1_long.sql", "SELECT pg_sleep(60), 'wombat';");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Migrator holder = migrator(database);
			CompletableFuture<Void> run = CompletableFuture.runAsync(holder::migrate);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> holder.status().state() == MigratorStatus.State.MIGRATING);
			Migrator waiter = migrator(database,
					(settings) -> settings.withLock(LockSettings.defaults().withTimeout(Duration.ofSeconds(2))));
			LockTimeoutException failure = failure(LockTimeoutException.class, waiter);
			assertThat(failure.getSummary()).contains("it is held by ", "session ").doesNotContain("running:");
			assertThat(waiter.status().holder()).isNotNull().satisfies((shown) -> {
				assertThat(shown.describe()).contains(SECRET);
				assertThat(shown.withoutStatement().describe()).doesNotContain(SECRET);
			});
			holder.stop(Duration.ZERO);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(run::isDone);
		}
	}

	@Test
	void hasTheCodeOfInitSql() {
		folder().add("1_good.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Migrator migrator = migrator(database,
					(settings) -> settings.withConnect(ConnectSettings.defaults().withInitSql("SET ROLE wombat")));
			assertThat(failure(InvalidSettingException.class, migrator).getSummary())
				.isEqualTo("migrate.init-sql failed: SQLSTATE 22023, code 0. Nothing was applied in this run.");
		}
	}

	@Test
	void hasTheLineOfACommandToPsql() {
		folder().add("1_psql.sql", "\\wombat everything\nSELECT 1;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThat(failure(MalformedMigrationException.class, migrator(database)).getSummary())
				.contains("line 2: This is a command to psql");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "SQLITE", "H2" })
	void hasTheCodeWhenTheHistoryCannotBeWritten(TestServer server) {
		folder().add("1_drop.sql", "DROP TABLE " + quoted(server, "wombat") + ";");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database, (settings) -> settings.withTable("wombat"));
			HistoryAccessException failure = catchThrowableOfType(HistoryAccessException.class, migrator::migrate);
			// The name of the table is a setting and no secret.
			assertThat(failure.getSummary()).contains("could not be written while 1_drop.sql was being applied: ")
				.containsPattern("applied: (SQLSTATE \\w{5}, )?code \\d+\\.\n");
		}
	}

	private static String quoted(TestServer server, String name) {
		return (server == TestServer.MARIADB) ? "`" + name + "`" : '"' + name + '"';
	}

	@Test
	void hasTheCodeWhenTheDatabaseIsNotThere() {
		folder().add("1_good.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				TestDatabase none = database.at(database.url().replace(database.name(), "wombat"))) {
			assertThat(failure(DatabaseAccessException.class, migrator(none)).getSummary()).isEqualTo(
					"The database could not be used while looking for pending migrations: SQLSTATE 3D000, code 0.");
			assertThat(hiding(DatabaseFailedException.of("orders", List.of("reports"),
					failure(DatabaseAccessException.class, migrator(none))))
				.getSummary()).startsWith("Database 'orders': The database could not be used while ")
				.endsWith("The databases after it were not looked at: reports.");
		}
	}

	@Test
	void hasTheKindOfWhatNobodyExpected() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator migrator = new Migrator((vendor) -> {
				throw new IllegalStateException("the wombat");
			}, database.connections(), MigratorSettings.defaults(Instance.current("tests")));
			assertThat(failure(UnexpectedFailureException.class, migrator).getSummary())
				.startsWith("The run stopped unexpectedly: java.lang.IllegalStateException. What was recorded");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void isGuessedWhereNoneWasGiven(boolean wrapped) {
		SQLException error = new SQLException("no wombat", "08001", 7);
		Throwable cause = wrapped ? new IllegalStateException(error) : error;
		DatabaseAccessException failure = hiding(new DatabaseAccessException("No: no wombat", "Look.", cause));
		assertThat(failure.getSummary()).isEqualTo("The run failed [SQLSTATE 08001, code 7].");
		assertThat(hiding(new HistoryAccessException("Also: no wombat", "Look.", failure)).getSummary())
			.isEqualTo(failure.getSummary());
		assertThat(hiding(new HistoryAccessException("No wombat", "Look.", new IllegalStateException())).getSummary())
			.isEqualTo("The run failed.");
		assertThat(new HistoryAccessException("Ours.", "Look.").getSummary()).isEqualTo("Ours.");
	}

}
