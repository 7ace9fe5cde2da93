package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tables that a run keeps for itself work whatever the defaults of server, database
 * and session are, and whatever names and errors they have to hold.
 */
class OwnTablesTests {

	private static final String GREEK_NAME = "1_größe_Ω_日本_\uD83D\uDE80.sql";

	private static final Instance CYRILLIC = new Instance("хост", 17, "заказы");

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(MigrationConnections connections, Instance instance) {
		return new Migrator(folder().source(), connections, MigratorSettings.defaults(instance));
	}

	private Migrator migrator(MigrationConnections connections) {
		return migrator(connections, Instance.current("own-tables"));
	}

	/**
	 * Connections on which statements are executed first, as a pool's init SQL is.
	 */
	private static MigrationConnections prepared(TestDatabase database, String url, String... initSql) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				Connection connection = DriverManager.getConnection(url, database.user(), database.password());
				try (Statement statement = connection.createStatement()) {
					for (String sql : initSql) {
						statement.execute(sql);
					}
				}
				return connection;
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				return Optional.of(borrow());
			}

		};
	}

	private static void requireWhole(Migrator migrator, TestDatabase database, String name) {
		assertThat(migrator.migrate().applied()).containsExactly("1");
		assertThat(database.versions()).containsExactly("1");
		assertThat(migrator.migrations()).singleElement().satisfies((migration) -> {
			assertThat(migration.state()).isEqualTo(MigrationInfo.State.APPLIED);
			assertThat(migration.name()).isEqualTo(name);
			assertThat(migration.instance()).isEqualTo("хост/17 (заказы)");
		});
	}

	private static String engine(TestDatabase database, String table) {
		return database.jdbc()
			.queryForObject("SELECT concat(engine, ' ', table_collation) FROM information_schema.tables"
					+ " WHERE table_schema = database() AND table_name = ?", String.class, table);
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void journalHoldsEveryNameInALatin1Database(TestServer server) {
		folder().add(GREEK_NAME, "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			database.execute("ALTER DATABASE " + database.name() + " CHARACTER SET latin1");
			requireWhole(migrator(database.connections(), CYRILLIC), database, GREEK_NAME);
			assertThat(engine(database, "schema_migrations_journal")).isEqualTo("InnoDB utf8mb4_bin");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void tablesHaveTransactionsWhateverTheDefaultEngineIs(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			migrator(prepared(database, database.url(), "SET SESSION default_storage_engine = MyISAM")).migrate();
			assertThat(engine(database, "t")).startsWith("MyISAM");
			assertThat(engine(database, "schema_migrations")).startsWith("InnoDB");
			assertThat(engine(database, "schema_migrations_journal")).startsWith("InnoDB");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void journalThatDependsOnDefaultsIsUpdated(TestServer server) {
		folder().add(GREEK_NAME, "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
					olderJournal("datetime(3)", "mediumtext") + " ENGINE = MyISAM DEFAULT CHARSET latin1",
					"INSERT INTO schema_migrations VALUES ('0')",
					"INSERT INTO schema_migrations_journal VALUES ('0', '0_ä.sql', 'x', 'applied', 1, 0, 1, 'y',"
							+ " now(), now(), 1, 'me', NULL, NULL, NULL, '')");
			Migrator migrator = migrator(database.connections(), CYRILLIC);
			assertThat(migrator.migrate().applied()).containsExactly("1");
			assertThat(engine(database, "schema_migrations_journal")).isEqualTo("InnoDB utf8mb4_bin");
			assertThat(migrator.migrations()).extracting(MigrationInfo::name).containsExactly("0_ä.sql", GREEK_NAME);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "SQLITE", "H2" })
	void journalOfAnOlderReleaseWorks(TestServer server) {
		String time = (server == TestServer.SQLITE) ? "text" : "timestamp with time zone";
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_row.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			database.execute(
					"CREATE TABLE " + database.quoted("schema_migrations") + " (version varchar(128) PRIMARY KEY)",
					olderJournal(time, (server == TestServer.H2) ? "varchar" : "text")
						.replace("schema_migrations_journal", database.quoted("schema_migrations_journal")));
			Migrator migrator = migrator(database.connections());
			assertThat(migrator.migrate().applied()).containsExactly("1", "2");
			assertThat(migrator.migrations())
				.allSatisfy((migration) -> assertThat(migration.state()).isEqualTo(MigrationInfo.State.APPLIED));
		}
	}

	private static String olderJournal(String time, String text) {
		return "CREATE TABLE schema_migrations_journal (version varchar(128) NOT NULL PRIMARY KEY,"
				+ " name varchar(512) NOT NULL, checksum varchar(64) NOT NULL, state varchar(16) NOT NULL,"
				+ " statements_done integer NOT NULL, statement integer NOT NULL, statements integer NOT NULL,"
				+ " statement_hashes " + text + " NOT NULL, started_at " + time + " NOT NULL, finished_at " + time
				+ " NULL, duration_ms bigint NULL, instance varchar(255) NOT NULL, error " + text
				+ " NULL, statement_at " + time + " NULL, building varchar(512) NULL,"
				+ " answers varchar(4000) NOT NULL DEFAULT '')";
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "SQLITE", "H2", "MARIADB", "MYSQL" })
	void everyNameFitsWhereTheDatabaseHoldsEverything(TestServer server) {
		folder().add(GREEK_NAME, "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			requireWhole(migrator(database.connections(), CYRILLIC), database, GREEK_NAME);
		}
	}

	@ParameterizedTest
	@CsvSource({ "MARIADB, characterEncoding=latin1", "MYSQL, characterEncoding=ISO-8859-1" })
	void everyNameFitsWhateverTheConnectionsCharacterSetIs(TestServer server, String parameter) {
		folder().add(GREEK_NAME, "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			String url = database.url() + (database.url().contains("?") ? "&" : "?") + parameter;
			requireWhole(migrator(prepared(database, url), CYRILLIC), database, GREEK_NAME);
		}
	}

	@ParameterizedTest
	@CsvSource({ "LATIN1, 1_größe_?.sql, ????/17 (??????)", "SQL_ASCII, 1_größe_Ω.sql, хост/17 (заказы)",
			"WIN1251, 1_gr??e_?.sql, хост/17 (заказы)", "LATIN9, 1_größe_?.sql, ????/17 (??????)",
			"EUC_KR, 1_gr?ße_Ω.sql, хост/17 (заказы)" })
	void whatAPostgresDatabaseCannotEncodeIsReplaced(String encoding, String name, String instance)
			throws SQLException {
		folder().add("1_größe_Ω.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_fails.sql", "INSERT INTO t VALUES (1);\nSELECT 'x' AS a, no_such_column;");
		try (TestDatabase outer = TestServer.POSTGRES_EMBEDDED.create()) {
			String other = outer.name() + "_other";
			outer.execute("CREATE DATABASE " + other + " TEMPLATE template0 ENCODING '" + encoding
					+ "' LC_COLLATE 'C' LC_CTYPE 'C'");
			try (TestDatabase database = outer.at(outer.url().replace(outer.name(), other))) {
				Migrator migrator = migrator(database.connections(), CYRILLIC);
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
					.withMessageContaining("2_fails.sql");
				assertThat(database.versions()).containsExactly("1");
				assertThat(migrator.migrations().get(0)).satisfies((migration) -> {
					assertThat(migration.name()).isEqualTo("1_größe_Ω.sql");
					assertThat(migration.instance()).isEqualTo(instance);
				});
				assertThat(migrator.migrations().get(1).error()).contains("no_such_column");
				assertThat(database.jdbc()
					.queryForObject("SELECT name FROM schema_migrations_journal WHERE version = '1'", String.class))
					.isEqualTo(name);
			}
			finally {
				outer.execute("DROP DATABASE " + other + " WITH (FORCE)");
			}
		}
	}

	/**
	 * In mode Oracle an empty text is NULL; other modes have other names for types.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "Oracle", "DB2", "Derby", "HSQLDB", "MSSQLServer", "MySQL", "MariaDB", "PostgreSQL",
			"LEGACY", "STRICT" })
	void tablesWorkInEveryModeOfH2(String mode) {
		folder().add("1_before.sql", "CREATE TABLE never (a integer);")
			.add("2_empty.sql", "")
			.add("3_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase file = TestServer.H2.create();
				TestDatabase database = file.at(file.url() + ";MODE=" + mode)) {
			Migrator migrator = new Migrator(folder().source(), database.connections(),
					MigratorSettings.defaults(CYRILLIC).withBaseline("1"));
			assertThat(migrator.migrate().baselined()).containsExactly("1");
			folder().add("4_fails.sql", "INSERT INTO t VALUES (2);\nINSERT INTO nowhere VALUES (1);");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate);
			folder().add("4_fails.sql", "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);");
			assertThat(migrator.migrate().applied()).containsExactly("4");
			assertThat(database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class)).containsExactly(1, 2,
					3);
			assertThat(migrator.migrate().applied()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			MARIADB | EMPTY_STRING_IS_NULL
			MARIADB | STRICT_ALL_TABLES,EMPTY_STRING_IS_NULL,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT
			MARIADB | ORACLE,EMPTY_STRING_IS_NULL
			MARIADB | MSSQL
			MARIADB | PAD_CHAR_TO_FULL_LENGTH,NO_ZERO_DATE,NO_ZERO_IN_DATE,HIGH_NOT_PRECEDENCE,IGNORE_SPACE
			MARIADB |
			MYSQL   | ANSI,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH
			MYSQL   | TRADITIONAL,NO_UNSIGNED_SUBTRACTION,HIGH_NOT_PRECEDENCE
			MYSQL   |
			""")
	void tablesWorkInEverySqlMode(TestServer server, String mode) {
		folder().add("1_before.sql", "CREATE TABLE never (a integer);")
			.add("2_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);")
			.add("3_mode.sql",
					"SET SESSION sql_mode = '" + ((server == TestServer.MARIADB) ? "EMPTY_STRING_IS_NULL" : "")
							+ "';\nCREATE TABLE u (a integer);")
			.add("4_more.sql", "CREATE TABLE v (a integer);");
		try (TestDatabase database = server.create()) {
			Migrator migrator = new Migrator(folder().source(),
					prepared(database, database.url(), "SET SESSION sql_mode = '" + ((mode != null) ? mode : "") + "'"),
					MigratorSettings.defaults(new Instance("h\\'", 1, "a\\\"b")).withBaseline("1"));
			assertThat(migrator.migrate().applied()).containsExactly("2", "3", "4");
			assertThat(migrator.migrations()).last()
				.satisfies((migration) -> assertThat(migration.instance()).isEqualTo("h\\'/1 (a\\\"b)"));
		}
	}

	@Test
	void ownTablesLeaveTheNamesThatH2Generates() {
		folder().add("1_constraints.sql",
				"CREATE TABLE t (a integer);\n" + IntStream.range(0, 16)
					.mapToObj((number) -> "ALTER TABLE t ADD CONSTRAINT CONSTRAINT_"
							+ Integer.toHexString(number).toUpperCase() + " CHECK (a <> " + number + ");")
					.collect(Collectors.joining("\n")));
		try (TestDatabase database = TestServer.H2.create()) {
			assertThat(migrator(database.connections()).migrate().applied()).containsExactly("1");
			assertThat(database.jdbc()
				.queryForList("SELECT constraint_name FROM information_schema.table_constraints"
						+ " WHERE constraint_type = 'PRIMARY KEY'", String.class))
				.containsExactlyInAnyOrder("schema_migrations_pkey", "schema_migrations_journal_pkey",
						"schema_migrations_lock_pkey");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "POSTGRES_EMBEDDED" })
	void manyStatementsAreRecorded(TestServer server) {
		String statements = manyStatements();
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_many.sql", statements);
		try (TestDatabase database = server.create()) {
			assertThat(migrator(database.connections()).migrate().applied()).containsExactly("1", "2");
			assertThat(database.jdbc().queryForObject("SELECT count(*) FROM t", Integer.class)).isEqualTo(59_500);
		}
	}

	/**
	 * With more hashes than one statement carries.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "H2", "MARIADB" })
	void manyStatementsAreResumed(TestServer server) {
		folder().addWithoutTransaction("1_many.sql",
				"SELECT 1;\n".repeat(6_500) + "CREATE TABLE t (a integer);\nDROP TABLE u;\n");
		try (TestDatabase database = server.create()) {
			if (server == TestServer.SQLITE) {
				database.execute("PRAGMA journal_mode = WAL");
			}
			Migrator migrator = migrator(database.connections());
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.withMessageContaining("1_many.sql failed at statement 6502 of 6502");
			database.execute("CREATE TABLE u (a integer)");
			assertThat(migrator.migrate().applied()).containsExactly("1");
		}
	}

	private static String manyStatements() {
		return "INSERT INTO t VALUES (1);\n".repeat(59_500);
	}

	@ParameterizedTest
	@EnumSource
	void longNamesAreCutAndStopNothing(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		Instance instance = new Instance("h".repeat(250) + "\uD83D\uDE80\uD83D\uDE80", 17, "a\0b\uD83D".repeat(100));
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database.connections(), instance);
			assertThat(migrator.migrate().applied()).containsExactly("1");
			assertThat(migrator.migrations().get(0).instance()).startsWith("h".repeat(250) + "\uD83D\uDE80")
				.hasSizeBetween(252, 255);
		}
	}

	@Test
	void tablesHaveRowsToChangeWhateverTheDefaultAccessMethodIs() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer) USING heap;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler");
			String url = database.url() + (database.url().contains("?") ? "&" : "?")
					+ "options=-c%20default_table_access_method=other";
			migrator(prepared(database, url)).migrate();
			assertThat(database.jdbc()
				.queryForList(
						"SELECT c.relname FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
								+ " WHERE a.amname = 'heap' AND c.relname LIKE 'schema_migrations%' ORDER BY 1",
						String.class))
				.isEqualTo(List.of("schema_migrations", "schema_migrations_journal"));
		}
	}

}
