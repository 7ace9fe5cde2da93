package io.github.migrateboot;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.DuplicateVersionException;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.MissingLocationException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
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
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What each failure says, with the input that causes it. Whatever fails, what had been
 * applied before stays applied and recorded, and no password is shown.
 */
@ExtendWith(OutputCaptureExtension.class)
class ErrorTextTests {

	private static final String PASSWORD = "Zauber-4711/lehrling";

	private static final String GOOD = "-- migrate:up\nINSERT INTO t VALUES (2);\n-- migrate:down\n";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, "schema_migrations");
	}

	private Migrator migrator(TestDatabase database, String table) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("tests")).withTable(table);
		return new Migrator(folder().source(), database.connections(), settings);
	}

	@AfterEach
	void passwordIsNotLogged(CapturedOutput output) {
		assertThat(output.getAll()).doesNotContain(PASSWORD);
	}

	private static <T extends MigrationException> T failure(Class<T> type, Migrator migrator) {
		T failure = catchThrowableOfType(type, migrator::migrate);
		assertThat(failure).as("a failure").isNotNull();
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).doesNotContain(PASSWORD);
		assertThat(failure.getDescription()).doesNotContain(PASSWORD);
		assertThat(failure.getAction()).doesNotContain(PASSWORD).endsWith(".");
		assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.FAILED);
		return failure;
	}

	/**
	 * Apply a first migration, which no later failure may undo.
	 */
	private void applyFirst(TestDatabase database) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		assertThat(migrator(database).migrate().applied()).containsExactly("1");
	}

	private static void assertOnlyFirst(TestDatabase database) {
		assertThat(database.versions()).containsExactly("1");
		assertThat(rows(database)).containsExactly(1);
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	static Stream<Arguments> malformedFiles() {
		return Stream.of(
				arguments("UTF-8 BOM", bytes("\uFEFF" + GOOD),
						"line 1: the file begins with a UTF-8 byte order mark (bytes EF BB BF)",
						"Save the file as UTF-8 without a byte order mark."),
				arguments("UTF-16 BOM", ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_16LE),
						"line 1: the file begins with a UTF-16 byte order mark", "Save the file as UTF-8"),
				arguments("empty", bytes(""), "line 1: the file is empty", "or remove the file"),
				arguments("blank", bytes(" \n\t\r\n"), "line 1: the file is empty", "or remove the file"),
				arguments("Latin-1",
						"-- migrate:up\nINSERT INTO t VALUES (1);\n-- \u00e9\n-- migrate:down\n"
							.getBytes(StandardCharsets.ISO_8859_1),
						"line 3: the file is not valid UTF-8 at byte offset 43 (counted from 0), where the byte is E9",
						"Save the file as UTF-8."),
				arguments("cut off in a character",
						new byte[] { '-', '-', ' ', 'm', 'i', 'g', 'r', 'a', 't', 'e', ':', 'u', 'p', '\n',
								(byte) 0xc3 },
						"line 2: the file is not valid UTF-8 at byte offset 14 (counted from 0), where the byte is C3",
						"Save the file as UTF-8."),
				arguments("NUL", bytes(
						"-- migrate:up\nINSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3\0);\n-- migrate:down\n"),
						"line 3: a statement contains a NUL byte", "Remove the byte."),
				arguments("no up", bytes("INSERT INTO t VALUES (2);\n"),
						"line 1: the file has no '-- migrate:up' block",
						"Write the line '-- migrate:up' above the first statement."),
				arguments("no down", bytes("\n-- migrate:up\nINSERT INTO t VALUES (2);\n"),
						"line 2: no '-- migrate:down' follows this '-- migrate:up'",
						"Write the line '-- migrate:down'"));
	}

	private static byte[] bytes(String content) {
		return content.getBytes(StandardCharsets.UTF_8);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("malformedFiles")
	void malformedFile(String name, byte[] content, String description, String action) throws IOException {
		for (TestServer server : List.of(TestServer.SQLITE, TestServer.POSTGRES_EMBEDDED)) {
			try (TestDatabase database = server.create()) {
				applyFirst(database);
				folder().addRaw("2_good.sql", GOOD);
				Path file = Files.write(this.path.resolve("3_bad.sql"), content);
				MalformedMigrationException failure = failure(MalformedMigrationException.class, migrator(database));
				assertThat(failure.getDescription()).startsWith("file [" + file + "], " + description);
				assertThat(failure.getAction()).contains(action);
				assertOnlyFirst(database);
				folder().addRaw("3_bad.sql", GOOD);
				assertThat(migrator(database).migrate().applied()).containsExactly("2", "3");
				folder().remove("2_good.sql").remove("3_bad.sql");
			}
		}
	}

	@Test
	void unreadableFile() throws IOException {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			applyFirst(database);
			folder().addRaw("2_good.sql", GOOD);
			// Can be opened, even by root, and not be read.
			Path link = Files.createSymbolicLink(this.path.resolve("3_link.sql"), Path.of("/proc/self/mem"));
			MalformedMigrationException failure = failure(MalformedMigrationException.class, migrator(database));
			assertThat(failure.getDescription()).startsWith("file [" + link + "] cannot be read: IOException: ");
			assertThat(failure.getAction())
				.isEqualTo("Make the file readable for the account that runs the application.");
			assertOnlyFirst(database);
		}
	}

	@Test
	void linkThatLeadsNowhere() throws IOException {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			applyFirst(database);
			Path link = Files.createSymbolicLink(this.path.resolve("2_link.sql"), this.path.resolve("nowhere.sql"));
			MalformedMigrationException failure = failure(MalformedMigrationException.class, migrator(database));
			assertThat(failure.getDescription()).startsWith("file [" + link + "] cannot be read: ");
			assertOnlyFirst(database);
			database.execute("insert into schema_migrations values ('2')");
			assertThat(migrator(database).migrate().alreadyApplied()).as("it need not be read").isEqualTo(2);
		}
	}

	@Test
	void appliedFileThatCannotBeReadIsAWarning(CapturedOutput output) throws IOException {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			applyFirst(database);
			folder().remove("1_table.sql");
			Path link = Files.createSymbolicLink(this.path.resolve("1_table.sql"), Path.of("/proc/self/mem"));
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(1);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(
						() -> assertThat(output).contains("WARN").contains("file [" + link + "] cannot be read"));
			MigratorSettings strict = MigratorSettings.defaults(Instance.current("tests"))
				.withChecksum(ChecksumPolicy.FAIL);
			failure(MalformedMigrationException.class, new Migrator(folder().source(), database.connections(), strict));
		}
	}

	@Test
	void directoryThatIsNamedLikeAMigrationIsNone() throws IOException {
		Files.createDirectory(this.path.resolve("2_directory.sql"));
		try (TestDatabase database = TestServer.SQLITE.create()) {
			applyFirst(database);
			assertThat(migrator(database).migrations()).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "POSTGRES_EMBEDDED" })
	void missingLocation(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			MissingLocationException failure = failure(MissingLocationException.class,
					new Migrator(new ResourceMigrationSource(
							List.of(folder().location(), "file:" + this.path + "/nix", "classpath:no/such"), null),
							database.connections(), MigratorSettings.defaults(Instance.current("tests"))));
			assertThat(failure.getDescription()).isEqualTo(
					"The locations of migrations file:" + this.path + "/nix and classpath:no/such do not exist.");
			assertThat(failure.getAction()).contains("migrate.locations").contains("migrate.enabled=false");
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "POSTGRES_EMBEDDED" })
	void duplicateVersions(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().addRaw("2_one.sql", GOOD).addRaw("2_two.sql", GOOD).addRaw("02_three.sql", GOOD);
			DuplicateVersionException failure = failure(DuplicateVersionException.class, migrator(database));
			assertThat(failure.getDescription()).startsWith("These files have the same version 2,")
				.contains("2_one.sql")
				.contains("2_two.sql")
				.doesNotContain("three");
			assertThat(failure.getAction()).startsWith("Give each file a version of its own");
			assertOnlyFirst(database);
		}
	}

	@Test
	void negativeOrEmptySettings() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> LockSettings.defaults().withTimeout(Duration.ofSeconds(-1)))
			.withMessage("migrate.lock.timeout is PT-1S. Set it to a duration above zero, such as 30s or 10m.");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> MigratorSettings.defaults(Instance.current("tests")).withTable(" "))
			.withMessageContaining("migrate.table");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			POSTGRES_EMBEDDED | we"ird
			POSTGRES_EMBEDDED | it's; \\ not
			POSTGRES_EMBEDDED | App."x"
			SQLITE            | we"ird
			SQLITE            | it's; \\ not
			SQLITE            | app.history
			H2                | we"ird
			H2                | app.history
			MARIADB           | we`ird
			MARIADB           | it's; \\ "not"
			MARIADB           | app.history
			MYSQL             | we`ird
			MYSQL             | it's; \\ "not"
			MYSQL             | app.history
			""", delimiter = '|', quoteCharacter = '~')
	void tableNameWithQuotesAndDots(TestServer server, String table) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);")
			.addWithoutTransaction("2_row.sql", "INSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database, table);
			assertThat(migrator.migrate().applied()).containsExactly("1", "2");
			assertThat(migrator(database, table).migrate().alreadyApplied()).isEqualTo(2);
			assertThat(migrator.migrations()).extracting(MigrationInfo::state).containsOnly(State.APPLIED);
			assertThat(rows(database)).containsExactly(1, 2);
			folder().add("3_bad.sql", "nonsense;");
			assertThat(failure(MigrationFailedException.class, migrator(database, table)).getDescription())
				.contains("3_bad.sql");
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			POSTGRES_EMBEDDED | a.b.c  | which has more than one dot
			POSTGRES_EMBEDDED | .b     | in which the schema or the table is empty
			POSTGRES_EMBEDDED | a.     | in which the schema or the table is empty
			""", delimiter = '|')
	void tableNameThatCannotBe(TestServer server, String table, String description) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			InvalidSettingException failure = failure(InvalidSettingException.class, migrator(database, table));
			assertThat(failure.getDescription())
				.isEqualTo("The name of the history table is '" + table + "', " + description + ".");
			assertThat(failure.getAction()).contains("migrate.table");
			assertOnlyFirst(database);
		}
	}

	/**
	 * A user with the password that must not be shown.
	 */
	private static TestDatabase restricted(TestDatabase database, String... grants) {
		String name = database.createUserWithoutRights();
		boolean mySql = database.server() == TestServer.MYSQL || database.server() == TestServer.MARIADB;
		String user = mySql ? name + "@'%'" : name;
		database.execute(switch (database.server()) {
			case MYSQL, MARIADB -> "alter user " + user + " identified by '" + PASSWORD + "'";
			case H2 -> "alter user " + user + " set password '" + PASSWORD + "'";
			default -> "alter role " + user + " password '" + PASSWORD + "'";
		});
		for (String grant : grants) {
			database.execute(grant.formatted(user));
		}
		return database.as(name, PASSWORD);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
	void historyThatMayNotBeRead(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String[] grants = (server == TestServer.MYSQL || server == TestServer.MARIADB)
					? new String[] { "revoke select on " + database.name() + ".* from %s", "grant select on t to %s" }
					: new String[] {};
			try (TestDatabase restricted = restricted(database, grants)) {
				HistoryAccessException failure = failure(HistoryAccessException.class, migrator(restricted));
				assertThat(failure.getDescription())
					.startsWith("The history table schema_migrations or its journal could not be read: ")
					.containsAnyOf("permission denied", "denied to user", "Not enough rights");
				assertThat(failure.getAction())
					.startsWith("Grant the application's user the privileges that docs/databases.md lists for ")
					.contains("migrate.table");
			}
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SQLITE", "H2" })
	void historyThatMayNotBeWritten(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().addRaw("2_good.sql", GOOD);
			try (TestDatabase restricted = restricted(database, "grant select on schema_migrations to %s",
					"grant select on schema_migrations_journal to %s", "grant insert, delete, update on t to %s")) {
				HistoryAccessException failure = failure(HistoryAccessException.class, migrator(restricted));
				assertThat(failure.getDescription()).startsWith("The history table ")
					.contains(
							"schema_migrations or its journal could not be written while 2_good.sql was being applied: ")
					.containsAnyOf("permission denied", "denied to user", "Not enough rights");
				assertThat(failure.getAction()).startsWith("Grant the application's user the privileges");
			}
			assertOnlyFirst(database);
			assertThat(migrator(database).migrate().applied()).containsExactly("2");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SQLITE", "H2" })
	void rightToCreateIsNeededOnlyWhenSomethingIsPending(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			database.execute("create table t (a integer)",
					"create table " + database.quoted("schema_migrations") + " (version varchar(128) primary key)",
					"insert into t values (1)",
					"insert into " + database.quoted("schema_migrations") + " (version) values ('1')");
			try (TestDatabase restricted = restricted(database,
					"grant select, insert on " + database.quoted("schema_migrations") + " to %s")) {
				assertThat(migrator(restricted).migrate().alreadyApplied()).isEqualTo(1);
				folder().addRaw("2_good.sql", GOOD);
				HistoryAccessException failure = failure(HistoryAccessException.class, migrator(restricted));
				assertThat(failure.getDescription()).contains("schema_migrations or its journal could not be created: ")
					.containsAnyOf("permission denied", "denied to user", "Not enough rights");
				assertThat(failure.getAction()).startsWith("Grant the application's user the privileges");
			}
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SQLITE", "H2" })
	void readOnlyServerStartsWhenNothingIsPending(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String url = database.url() + (database.url().contains("?") ? "&" : "?");
			TestDatabase readOnly = switch (server) {
				case MYSQL -> database.at(url + "sessionVariables=transaction_read_only=1");
				case MARIADB -> database.at(url + "sessionVariables=tx_read_only=1");
				default -> {
					database.execute("alter database " + database.name() + " set default_transaction_read_only = on");
					yield database.at(database.url());
				}
			};
			try (readOnly) {
				assertThat(migrator(readOnly).migrate().alreadyApplied()).isEqualTo(1);
				folder().addRaw("2_good.sql", GOOD);
				UnsupportedDatabaseException failure = failure(UnsupportedDatabaseException.class, migrator(readOnly));
				assertThat(failure.getDescription()).contains("refuses to write: ")
					.containsAnyOf("default_transaction_read_only is on for this database",
							"transaction_read_only is ON", "tx_read_only is ON");
				assertThat(failure.getAction()).startsWith("Switch it off for migrations");
			}
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "H2" })
	void readOnlyFileStartsWhenNothingIsPending(TestServer server, @TempDir Path elsewhere) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String url = database.url() + "?open_mode=1";
			if (server == TestServer.H2) {
				database.execute("backup to '" + elsewhere + "/backup.zip'");
				url = "jdbc:h2:zip:" + elsewhere + "/backup.zip!/test";
			}
			try (TestDatabase readOnly = database.at(url)) {
				assertThat(migrator(readOnly).migrate().alreadyApplied()).isEqualTo(1);
				folder().addRaw("2_good.sql", GOOD);
				UnsupportedDatabaseException failure = failure(UnsupportedDatabaseException.class, migrator(readOnly));
				assertThat(failure.getDescription()).containsAnyOf(
						"The SQLite database is read-only: its file may not be written to.",
						"The H2 database is open for reading only.");
				assertThat(failure.getAction()).startsWith("Open it ");
			}
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "SQLITE", "H2" })
	void lateFailureInAFileOfFiveThousandStatementsAndTenMegabytes(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String comment = "-- " + "x".repeat(2000) + "\n";
			StringBuilder sql = new StringBuilder();
			for (int number = 1; number <= 5000; number++) {
				sql.append(comment)
					.append((number == 4990) ? "INSERT INTO\n nowhere" : "INSERT INTO t")
					.append("\nVALUES (2);\n");
			}
			folder().add("2_many.sql", sql.toString());
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator(database));
			// Three lines a statement, the first one after "migrate:up". Where the server
			// tells the position, it is the line of the table's name.
			int line = 1 + 4989 * 3 + ((server == TestServer.POSTGRES_EMBEDDED) ? 3 : 2);
			assertThat(failure.getDescription())
				.startsWith("Migration 2_many.sql failed at statement 4990 of 5000, line " + line + " of file [")
				.containsIgnoringCase("nowhere")
				.hasSizeLessThan(3000);
			assertThat(failure.getAction()).startsWith("Fix line " + line + " of the file and start again");
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "SQLITE" })
	void transactionControlInTheFile(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().add("2_commit.sql", "BEGIN;\nINSERT INTO t VALUES (2);\nCOMMIT;\nINSERT INTO nowhere VALUES (3);");
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator(database));
			assertThat(output).contains("2_commit.sql begins or ends transactions by itself, so it is run as if it said"
					+ " transaction:false: a failure in the middle leaves it half applied");
			assertThat(failure.getDescription()).contains("failed at statement 4 of 4, line 5 of ")
				.contains("Statements 1 to 3 have taken effect and stay; the others have not.");
			assertThat(failure.getAction()).isEqualTo("Fix line 5 of the file, leave statements 1 to 3 as they are, and"
					+ " start again: the next start goes on at statement 4.");
			MigrationFailedException next = failure(MigrationFailedException.class, migrator(database));
			assertThat(next.getMessage()).isEqualTo(failure.getMessage());
			folder().add("2_commit.sql", "BEGIN;\nINSERT INTO t VALUES (3);\nCOMMIT;\nINSERT INTO t VALUES (4);");
			HalfAppliedMigrationException changed = failure(HalfAppliedMigrationException.class, migrator(database));
			assertThat(changed.getDescription()).contains("Migration 2_commit.sql was started at ")
				.contains(
						"statements 1 to 3 have taken effect, of 4. Statement 2 (line 3 today) has changed since then.");
			assertThat(changed.getAction()).startsWith("Put statement 2 back as it was");
			assertThat(database.versions()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void connectionRefused(TestServer server) throws IOException {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String url = database.url().replaceFirst("//[^/]+/", "//localhost:" + closedPort() + "/");
			try (TestDatabase closed = database.at(url).as(database.user(), PASSWORD)) {
				assertUnreachable(failure(DatabaseAccessException.class, migrator(closed)));
			}
			String credentials = (url.contains("?") ? "&" : "?") + "user=u&password=" + PASSWORD;
			try (TestDatabase closed = database.at(url + credentials).as("", "")) {
				assertUnreachable(failure(DatabaseAccessException.class, migrator(closed)));
			}
			assertOnlyFirst(database);
		}
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static void assertUnreachable(DatabaseAccessException failure) {
		assertThat(failure.getDescription()).startsWith("The database could not be used while looking for pending");
		assertThat(failure.getAction()).startsWith("See whether the database is up and reachable from this host");
	}

	// The embedded PostgreSQL takes any password.
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SQLITE", "POSTGRES_EMBEDDED" })
	void wrongPassword(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			String user = database.createUserWithoutRights();
			try (TestDatabase wrong = database.as(user, PASSWORD)) {
				assertThat(failure(DatabaseAccessException.class, migrator(wrong)).getDescription())
					.startsWith("The database could not be used while looking for pending migrations: ")
					.containsAnyOf("password authentication failed for user \"" + user + "\"",
							"Access denied for user '" + user + "'", "Wrong user name or password")
					.doesNotContain("***");
			}
			assertOnlyFirst(database);
		}
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://localhost:port/x?user=u&password=", "jdbc:nosuch://u:%s@localhost/x?a=b&password=",
			"jdbc:mysql://u:%s@localhost:port/x?password=", "jdbc:mariadb://u:%s@localhost:port/x?password=",
			"jdbc:h2:tcp://u:%s@localhost:1/x;PASSWORD=" })
	void urlThatNoDriverAccepts(String url) {
		folder().addRaw("1_good.sql", GOOD);
		try (TestDatabase some = TestServer.SQLITE.create();
				TestDatabase database = some.at(url.formatted(PASSWORD) + PASSWORD)) {
			assertUnreachable(failure(DatabaseAccessException.class, migrator(database)));
		}
	}

	private static boolean isWholeOrNothing(TestServer server) {
		return server == TestServer.SQLITE || server.name().startsWith("POSTGRES");
	}

	@ParameterizedTest
	@EnumSource
	void fileThatDropsTheHistory(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().add("2_drop.sql",
					"INSERT INTO t VALUES (2);\nDROP TABLE " + database.quoted("schema_migrations") + ";");
			HistoryAccessException failure = failure(HistoryAccessException.class, migrator(database));
			assertThat(failure.getDescription())
				.contains("schema_migrations or its journal could not be written while 2_drop.sql was being applied: ")
				.contains("No migration was applied before it in this run; not applied: this one.");
			assertThat(failure.getAction()).startsWith("Restore the table, and remove from the migrations what drops");
			if (isWholeOrNothing(server)) {
				assertThat(failure.getDescription()).contains("nothing of it has taken effect");
				assertOnlyFirst(database);
			}
			else {
				assertThat(failure.getDescription()).contains("Statements 1 to 2 of 2 have taken effect and stay.");
				restoreHistory(database);
			}
		}
	}

	private void restoreHistory(TestDatabase database) {
		HistoryAccessException failure = failure(HistoryAccessException.class, migrator(database));
		assertThat(failure.getDescription())
			.contains("schema_migrations does not exist, although the journal beside it")
			.contains("says that migrations have been applied: 1. Nothing was applied in this run.");
		assertThat(failure(HistoryAccessException.class, migrator(database)).getDescription()).as("the next start")
			.isEqualTo(failure.getDescription());
		String remedy = failure.getAction().replaceFirst(".*or run: ", "").replaceFirst("; If all .*", "");
		database.execute(remedy.split("; "));
		assertThat(database.versions()).containsExactly("1");
		assertThat(migrator(database).migrate().applied()).as("recorded, because the journal says that it is whole")
			.containsExactly("2");
		assertThat(rows(database)).containsExactly(1, 2);
	}

	@ParameterizedTest
	@EnumSource
	void historyDroppedByHandIsNotMadeAnew(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().addRaw("2_good.sql", GOOD);
			migrator(database).migrate();
			database.execute("drop table " + database.quoted("schema_migrations"));
			failure(HistoryAccessException.class, migrator(database));
			HistoryAccessException failure = failure(HistoryAccessException.class, migrator(database));
			assertThat(failure.getDescription()).contains("schema_migrations does not exist")
				.contains("says that migrations have been applied: 1, 2.");
			assertThat(rows(database)).containsExactly(1, 2);
			String remedy = failure.getAction().replaceFirst(".*applied again, run: ", "").replaceFirst("; Then.*", "");
			database.execute("drop table t", remedy);
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "2");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void fileThatDropsTheJournal(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().add("2_drop.sql", "INSERT INTO t VALUES (2);\nDROP TABLE "
					+ database.quoted("schema_migrations_journal") + ";\nINSERT INTO t VALUES (3);");
			HistoryAccessException failure = failure(HistoryAccessException.class, migrator(database));
			assertThat(failure.getDescription())
				.contains("or its journal could not be written while 2_drop.sql was being applied: ")
				.contains("schema_migrations_journal");
			if (isWholeOrNothing(server)) {
				assertThat(failure.getDescription()).contains("nothing of it has taken effect");
				assertOnlyFirst(database);
				return;
			}
			assertThat(failure.getDescription()).contains("Statements 1 to 2 of 3 have taken effect and stay.");
			assertThat(failure.getAction()).contains("The next start cannot know of them, because the journal is gone");
			assertThat(rows(database)).containsExactly(1, 2);
			database
				.execute(failure.getAction().replaceFirst(".* by hand and run: ", "").replaceFirst("; then .*", ""));
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void fileThatAltersTheHistory(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().add("2_alter.sql",
					"ALTER TABLE " + database.quoted("schema_migrations") + ((server == TestServer.H2)
							? " ALTER COLUMN version RENAME TO v;" : " RENAME COLUMN version TO v;"));
			HistoryAccessException failure = failure(HistoryAccessException.class, migrator(database));
			assertThat(failure.getDescription())
				.contains("or its journal could not be written while 2_alter.sql was being applied: ")
				.containsIgnoringCase("version");
			assertThat(failure.getAction()).startsWith("Fix what the database's message says.");
			if (isWholeOrNothing(server)) {
				assertOnlyFirst(database);
			}
			else {
				assertThat(failure(HistoryAccessException.class, migrator(database)).getDescription())
					.contains("or its journal could not be read: ");
			}
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void versionRecordedByHandClosesAnOpenJournalRow(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			folder().addWithoutTransaction("2_half.sql", "INSERT INTO t VALUES (2);\nINSERT INTO nowhere VALUES (3);");
			failure(MigrationFailedException.class, migrator(database));
			failure(MigrationFailedException.class, migrator(database));
			database.execute("insert into " + database.quoted("schema_migrations") + " (version) values ('2')");
			Migrator migrator = migrator(database);
			assertThat(migrator.migrate().alreadyApplied()).isEqualTo(2);
			assertThat(migrator.migrations()).extracting(MigrationInfo::state).containsOnly(State.APPLIED);
			folder().addRaw("3_good.sql", GOOD);
			assertThat(migrator(database).migrate().applied()).containsExactly("3");
			assertThat(rows(database)).containsExactly(1, 2, 2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void journalDroppedBetweenTwoRunsIsMadeAnew(TestServer server) {
		try (TestDatabase database = server.create()) {
			applyFirst(database);
			database.execute("drop table " + database.quoted("schema_migrations_journal"));
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(1);
			folder().addRaw("2_good.sql", GOOD);
			Migrator migrator = migrator(database);
			assertThat(migrator.migrate().applied()).containsExactly("2");
			assertThat(migrator.migrations()).extracting(MigrationInfo::version, MigrationInfo::state)
				.containsExactly(tuple("1", State.APPLIED), tuple("2", State.APPLIED));
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

}
