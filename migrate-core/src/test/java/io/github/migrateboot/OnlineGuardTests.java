package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.settings.StatementSettings.Online;
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

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What {@code migrate.statement.online} does with DDL on MySQL and MariaDB.
 */
@ExtendWith(OutputCaptureExtension.class)
class OnlineGuardTests {

	private static final String WIDER = "ALTER TABLE t MODIFY a bigint";

	/** Keeps newer versions of MariaDB from copying online. */
	private static final String KEY = ", FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE";

	private static final String UNGUARDED = "is unguarded: LOCK=NONE has no place in it";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, Online online) {
		return migrate(database, StatementSettings.defaults().withOnline(online));
	}

	private MigrationReport migrate(TestDatabase database, StatementSettings settings) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("guard")).withStatement(settings))
			.migrate();
	}

	private MigrationFailedException failure(TestDatabase database) {
		MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class,
				() -> migrate(database, Online.REQUIRE));
		assertThat(failure).as("a failure").isNotNull();
		return failure;
	}

	private static TestDatabase create(OnlineServer server) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE parent (id bigint PRIMARY KEY)",
				"CREATE TABLE t (id bigint PRIMARY KEY, a int, b varchar(50), p bigint" + KEY
						+ ") CHARACTER SET utf8mb4",
				"INSERT INTO t VALUES (1, 1, 'x', NULL), (2, 2, 'y', NULL)");
		return database;
	}

	private static String definition(TestDatabase database) {
		return (String) database.jdbc().queryForMap("SHOW CREATE TABLE t").get("Create Table");
	}

	private static Map<String, Object> journal(TestDatabase database) {
		return database.jdbc()
			.queryForMap("SELECT state, statements_done AS done, checksum, statement_hashes AS hashes"
					+ " FROM schema_migrations_journal WHERE version = '1'");
	}

	@ParameterizedTest
	@EnumSource
	void refusedStatementFailsBeforeAnythingIsChangedAndMayBeAllowed(OnlineServer server, CapturedOutput output) {
		folder().add("1_wider.sql", "ALTER TABLE t ADD c int;\n\n" + WIDER + ";\nALTER TABLE t ADD d int;");
		try (TestDatabase database = create(server)) {
			MigrationFailedException failure = failure(database);
			assertThat(failure.getDescription())
				.startsWith("Migration 1_wider.sql failed at statement 2 of 3, line 4 of ")
				.contains("the server can't do it while others write to the table (LOCK=NONE, because"
						+ " migrate.statement.online is \"require\"), and has refused it before anything was changed: ",
						"LOCK=NONE is not supported", "code 184", "Statement: " + WIDER,
						"Statements 1 to 1 have taken effect and stay; the others have not");
			assertThat(failure.getAction()).startsWith("Make the change in steps that let others write")
				.contains("\"-- migrate:allow copy: <reason>\"", "migrate.statement.online to warn",
						"the next start goes on at statement 2");
			assertThat(definition(database)).contains("`c`")
				.containsPattern("`a` int")
				.doesNotContain("`d`", "bigint NULL");
			assertThat(journal(database)).containsEntry("state", "failed").containsEntry("done", 1);
			assertThat(failure(database).getDescription()).contains("statement 2 of 3");
			folder().add("1_wider.sql", "ALTER TABLE t ADD c int;\n-- migrate:allow copy: at night\n" + WIDER
					+ ";\nALTER TABLE t ADD d int;");
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
			assertThat(output).contains("1_wider.sql, statement 2 (line 4) is sent as it is written, because the file"
					+ " allows it to copy: at night");
			assertThat(definition(database)).containsPattern("`a` bigint").contains("`d`");
		}
	}

	@ParameterizedTest
	@EnumSource
	void nothingIsAllowedWithoutAReason(OnlineServer server) {
		folder().add("1_wider.sql", "-- migrate:allow copy\n-- migrate:allow rewrite: another one\n" + WIDER + ";");
		try (TestDatabase database = create(server)) {
			String before = definition(database);
			failure(database);
			assertThat(definition(database)).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@EnumSource
	void withWarnItIsWarnedAboutAndDone(OnlineServer server, CapturedOutput output) {
		folder().add("1_wider.sql", WIDER + ";\nALTER TABLE t ADD c int;");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, Online.WARN).applied()).containsExactly("1");
			assertThat(definition(database)).containsPattern("`a` bigint").contains("`c`");
			assertThat(output.getOut().lines().filter((line) -> line.contains("migrate.statement.online=warn")))
				.singleElement()
				.asString()
				.contains("WARN", "1_wider.sql, statement 1 (line 2): the server can't do it while others write to the"
						+ " table", "code 184");
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatCanBeDoneOnlineIsDone(OnlineServer server, CapturedOutput output) {
		folder().add("1_online.sql", """
				ALTER TABLE t ADD c int DEFAULT 3, ADD d varchar(10);
				CREATE INDEX i ON t (a) -- on a
				;
				ALTER TABLE t MODIFY a int NOT NULL;
				ALTER TABLE t RENAME TO u;
				ALTER TABLE u RENAME TO t;""");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
			assertThat(definition(database)).contains("`c`", "KEY `i` (`a`)").containsPattern("`a` int(\\(11\\))? NOT");
			assertThat(output).doesNotContain("unguarded");
		}
	}

	@ParameterizedTest
	@EnumSource
	void clauseOfTheFileWins(OnlineServer server) {
		folder().add("1_wider.sql", WIDER + ", LOCK=SHARED;\nALTER TABLE t MODIFY b varchar(9), ALGORITHM=COPY;");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
		}
	}

	@ParameterizedTest
	@EnumSource
	void offSendsWhatIsWritten(OnlineServer server, CapturedOutput output) {
		folder().add("1_wider.sql", WIDER + ";");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, StatementSettings.defaults()).applied()).containsExactly("1");
			assertThat(output).doesNotContain("online", "unguarded");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MARIADB_INSTALLED" })
	void whatHasNoPlaceForTheClauseIsSentAndToldSo(OnlineServer server, CapturedOutput output) {
		folder().add("1_unguarded.sql", "ALTER TABLE p DROP PARTITION p1;");
		try (TestDatabase database = create(server)) {
			database.execute("CREATE TABLE p (id int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (1),"
					+ " PARTITION p1 VALUES LESS THAN (2))");
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
			assertUnguarded(output, "1_unguarded.sql, statement 1 (line 2)");
		}
	}

	/**
	 * The backslash hides the clause from whoever doesn't know that it is none, and two
	 * of them are refused by the server's parser.
	 */
	@ParameterizedTest
	@EnumSource
	void whatTheServerDoesNotUnderstandWithTheClauseIsSentAsItIs(OnlineServer server, CapturedOutput output) {
		folder().add("1_mode.sql", "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\n"
				+ "CREATE INDEX i ON t (a) COMMENT '\\' LOCK=SHARED;\nINSERT INTO parent VALUES (5);");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
			assertUnguarded(output, "1_mode.sql, statement 2 (line 3)");
			assertThat(definition(database)).contains("KEY `i`");
		}
	}

	private static void assertUnguarded(CapturedOutput output, String place) {
		assertThat(output.getOut().lines().filter((line) -> line.contains(UNGUARDED))).singleElement()
			.asString()
			.contains("WARN", place);
	}

	@ParameterizedTest
	@EnumSource
	void tablesOfTheSameStartAreNobodysYet(OnlineServer server) {
		folder()
			.add("1_new.sql",
					"CREATE TABLE n (id int PRIMARY KEY, p bigint" + KEY + ");\n"
							+ "CREATE TABLE IF NOT EXISTS `M` (id int, p bigint" + KEY + ");")
			.add("2_fill.sql", "INSERT INTO n VALUES (1, NULL);\nINSERT INTO M VALUES (1, NULL);")
			.add("3_wider.sql", "ALTER TABLE n MODIFY id bigint;\nALTER TABLE M MODIFY id bigint;");
		try (TestDatabase database = create(server)) {
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1", "2", "3");
			folder().add("4_wider.sql", "ALTER TABLE n MODIFY id int;");
			assertThat(failure(database).getDescription()).contains("4_wider.sql");
		}
	}

	@ParameterizedTest
	@EnumSource
	void oldTablesAreNotTakenForNewOnes(OnlineServer server) {
		folder().add("1_old.sql", "CREATE TABLE IF NOT EXISTS t (id int);\n" + WIDER + ";");
		try (TestDatabase database = create(server)) {
			assertThat(failure(database).getDescription()).contains("statement 2 of 2");
			folder().add("1_old.sql", "CREATE TABLE IF NOT EXISTS t (id int);\nCREATE TABLE n (id int);\n"
					+ "RENAME TABLE n TO m, t TO n;\nALTER TABLE n MODIFY a bigint;");
			assertThat(failure(database).getDescription()).contains("statement 4 of 4");
		}
	}

	@ParameterizedTest
	@EnumSource
	void tableOfTheSameFileStaysNewWhenTheFileIsFixed(OnlineServer server) {
		folder().add("1_new.sql",
				"CREATE TABLE n (id int, p bigint" + KEY + ");\nALTER TABLE n MODIFY nothing bigint;");
		try (TestDatabase database = create(server)) {
			assertThat(failure(database).getDescription()).contains("statement 2 of 2", "code 1054");
			folder().add("1_new.sql", "CREATE TABLE n (id int, p bigint" + KEY + ");\nALTER TABLE n MODIFY id bigint;");
			assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
		}
	}

	@ParameterizedTest
	@EnumSource
	void recordsTheFilesOwnText(OnlineServer server) {
		folder().add("1_online.sql", "ALTER TABLE t ADD c int;\nCREATE INDEX i ON t (a);\nALTER TABLE t FORCE;");
		try (TestDatabase guarded = create(server); TestDatabase plain = create(server)) {
			migrate(guarded, Online.REQUIRE);
			migrate(plain, Online.OFF);
			assertThat(journal(guarded)).isEqualTo(journal(plain)).containsEntry("state", "applied");
			assertThat(definition(guarded)).isEqualTo(definition(plain));
		}
	}

	@ParameterizedTest
	@EnumSource
	void errorsOfTheStatementItselfAreToldAsEver(OnlineServer server) {
		folder().add("1_bad.sql", "ALTER TABLE t ADD a int;");
		try (TestDatabase database = create(server)) {
			assertThat(failure(database)).satisfies((failure) -> {
				assertThat(failure.getDescription()).contains("code 1060", "Statement: ALTER TABLE t ADD a int")
					.doesNotContain("LOCK=NONE");
				assertThat(failure.getAction()).startsWith("Fix line 2 of the file");
			});
			folder().add("1_bad.sql", "ALTER TABLE t ADD e int nonsense;");
			assertThat(failure(database).getDescription()).contains("code 1064").doesNotContain("LOCK=NONE");
		}
	}

	@ParameterizedTest
	@EnumSource
	void lockTimeoutIsTriedAgain(OnlineServer server, CapturedOutput output) throws Exception {
		folder().add("1_add.sql", "ALTER TABLE t ADD c int;");
		StatementSettings settings = StatementSettings.defaults()
			.withOnline(Online.REQUIRE)
			.withLockTimeout(Duration.ofSeconds(1))
			.withRetries(100);
		try (TestDatabase database = create(server); Connection blocker = database.connect()) {
			blocker.setAutoCommit(false);
			execute(blocker, "SELECT * FROM t");
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(() -> migrate(database, settings));
			Awaitility.await()
				.atMost(Duration.ofSeconds(40))
				.until(() -> run.isDone() || output.getOut().contains("Retrying in"));
			assertThat(run).isNotDone();
			blocker.rollback();
			MigrationReport report = run.get(60, TimeUnit.SECONDS);
			assertThat(report.applied()).containsExactly("1");
			assertThat(report.retries()).isPositive();
			assertThat(definition(database)).contains("`c`");
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@ParameterizedTest
	@EnumSource
	void guardsRollbacksToo(OnlineServer server) {
		folder().addRaw("1_both.sql", "-- migrate:up\nALTER TABLE t ADD c int;\n-- migrate:down\n" + WIDER + ";\n");
		try (TestDatabase database = create(server)) {
			migrate(database, Online.REQUIRE);
			Migrator migrator = new Migrator(folder().source(), database.connections(),
					MigratorSettings.defaults(Instance.current("guard"))
						.withStatement(StatementSettings.defaults().withOnline(Online.REQUIRE)));
			MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class,
					() -> migrator.rollBack());
			assertThat(failure.getDescription()).contains("the server can't do it while others write to the table");
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void saysWhereItHasNoEffect(CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a int);\nALTER TABLE t ADD b int;");
		for (TestServer server : List.of(TestServer.POSTGRES_EMBEDDED, TestServer.SQLITE, TestServer.H2)) {
			try (TestDatabase database = server.create()) {
				assertThat(migrate(database, Online.REQUIRE).applied()).containsExactly("1");
				assertThat(migrate(database, Online.REQUIRE).applied()).isEmpty();
			}
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("migrate.statement.online")))
			.extracting((line) -> line.replaceAll(".*(migrate.statement)", "$1"))
			.containsExactly("migrate.statement.online has no effect on PostgreSQL: it is for MySQL and MariaDB",
					"migrate.statement.online has no effect on SQLite: it is for MySQL and MariaDB",
					"migrate.statement.online has no effect on H2: it is for MySQL and MariaDB");
	}

}
