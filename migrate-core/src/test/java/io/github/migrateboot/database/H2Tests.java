package io.github.migrateboot.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link H2}.
 */
class H2Tests {

	private static final Instance INSTANCE = new Instance("web-7f9c", 4711, "orders");

	private final H2 h2 = new H2();

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.H2.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void saysWhichFileItIs() throws SQLException {
		this.database.execute("create schema app");
		try (Connection connection = this.database.connect(); Connection other = this.database.connect()) {
			Server server = Databases.probe(connection);
			assertThat(server.version()).startsWith("2.");
			assertThat(server.reach()).isEqualTo(Server.Reach.SHARED);
			assertThat(server.destination().server()).endsWith("/test");
			assertThat(server.destination().schema()).isEqualTo("PUBLIC");
			assertThat(this.h2.sessions().target(other)).isEqualTo(server.destination());
			Jdbc.execute(other, "set schema app");
			assertThat(this.h2.sessions().target(other)).isNotEqualTo(server.destination());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "jdbc:h2:mem:", "jdbc:h2:nioMemFS:orders" })
	void nobodyElseReachesMemory(String url) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
			assertThat(Databases.probe(connection).reach()).isEqualTo(Server.Reach.THIS_PROCESS);
		}
	}

	@Test
	void othersReachTheMemoryOfAServer() throws SQLException {
		org.h2.tools.Server tcp = org.h2.tools.Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		try (Connection connection = DriverManager
			.getConnection("jdbc:h2:tcp://localhost:" + tcp.getPort() + "/mem:orders", "sa", "")) {
			assertThat(Databases.probe(connection).reach()).isEqualTo(Server.Reach.SHARED);
		}
		finally {
			tcp.stop();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "MySQL", "PostgreSQL", "Oracle", "MSSQLServer", "DB2", "MariaDB", "HSQLDB", "Derby",
			"STRICT", "LEGACY" })
	void anyCompatibilityModeWillDo(String mode) throws SQLException {
		try (Connection connection = DriverManager.getConnection(
				"jdbc:h2:mem:" + mode + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;MODE=" + mode, "sa",
				"")) {
			assertThat(Databases.probe(connection).destination().schema()).isEqualTo("public");
			assertThat(Databases.detect(connection)).isInstanceOf(H2.class);
			SessionState state = this.h2.sessions().prepare(connection, INSTANCE);
			execute(connection, state.betweenMigrations());
			execute(connection, state.original());
		}
	}

	@Test
	void refusesADatabaseThatIsOpenForReading(@TempDir Path directory) throws SQLException {
		String url = "jdbc:h2:" + directory.resolve("orders");
		DriverManager.getConnection(url, "sa", "").close();
		try (Connection connection = DriverManager.getConnection(url + ";ACCESS_MODE_DATA=r", "sa", "")) {
			assertThatExceptionOfType(UnsupportedDatabaseException.class).isThrownBy(() -> Databases.probe(connection))
				.satisfies((ex) -> {
					assertThat(ex.getDescription()).contains("for reading only");
					assertThat(ex.getAction()).contains("ACCESS_MODE_DATA");
				});
		}
	}

	@Test
	void writesNamesAsTheyAreConfigured() throws SQLException {
		try (Connection connection = this.database.connect()) {
			TableName name = this.h2.resolve(this.h2.parseTableName("schema_\"migrations\".x"), connection);
			assertThat(name).isEqualTo(new TableName("PUBLIC", "schema_\"migrations\".x"));
			Jdbc.execute(connection, "create table " + this.h2.quote(name) + " (version varchar(128))");
			assertThat(Jdbc.onlyRow(connection,
					"select table_name from information_schema.tables where table_name like 'schema%'"))
				.containsExactly("schema_\"migrations\".x");
		}
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> this.h2.parseTableName(" "));
	}

	@Test
	void tellsAMissingTableAndAMissingRightFromOtherErrors() throws SQLException {
		try (Connection connection = this.database.connect()) {
			assertError(connection, "select * from missing", true, false);
			assertError(connection, "select * from missing.t", true, false);
			Jdbc.execute(connection, "create table similar (id int)");
			assertError(connection, "select * from \"similar\"", true, false);
			assertError(connection, "select missing", false, false);
		}
		String user = this.database.createUserWithoutRights();
		try (Connection connection = this.database.connectAs(user, "secret")) {
			assertError(connection, "select * from missing", true, false);
			assertError(connection, "select * from similar", false, true);
			assertError(connection, "create table t (id int)", false, true);
			assertError(connection, "create user x password 'x'", false, true);
		}
	}

	private void assertError(Connection connection, String sql, boolean missing, boolean denied) {
		SQLException error = catchThrowableOfType(SQLException.class, () -> Jdbc.execute(connection, sql));
		assertThat((Exception) error).as(sql).isNotNull();
		assertThat(this.h2.errors().isMissingTable(error)).as(sql).isEqualTo(missing);
		assertThat(this.h2.errors().isPermissionDenied(error)).as(sql).isEqualTo(denied);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void putsBackWhatAMigrationHasChangedAndKeepsTheTransaction(boolean inTransaction) throws SQLException {
		this.database.execute("create schema \"My \"\"App\"", "create table t (id int)", "create schema other",
				"create user plain password 'secret'", "grant insert, select on t to plain",
				"grant alter any schema to plain");
		try (Connection connection = this.database.connectAs("plain", "secret");
				Connection observer = this.database.connect()) {
			execute(connection, List.of("set schema \"My \"\"App\"", "set query_timeout 5000", "set lock_timeout 7000",
					"set time zone 'Asia/Tokyo'"));
			Map<String, String> original = settings(connection);
			SessionState state = this.h2.sessions().prepare(connection, INSTANCE);
			Map<String, String> prepared = settings(connection);
			assertThat(prepared).containsEntry("query_timeout", "0");
			connection.setAutoCommit(!inTransaction);
			Jdbc.execute(connection, "insert into public.t values (1)");
			makeAMess(connection);
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(observer, "select count(*) from t")).containsExactly(inTransaction ? "0" : "1");
			connection.setAutoCommit(true);
			assertThat(settings(connection)).isEqualTo(prepared);
			makeAMess(connection);
			Jdbc.execute(connection, "set session characteristics as transaction isolation level serializable");
			execute(connection, state.original());
			assertThat(settings(connection)).isEqualTo(original)
				.containsEntry("query_timeout", "5000")
				.containsEntry("(lock timeout)", "7000")
				.containsEntry("(schema)", "My \"App")
				.containsEntry("time zone", "Asia/Tokyo");
		}
	}

	private static void makeAMess(Connection connection) throws SQLException {
		execute(connection,
				List.of("set schema other", "set schema_search_path other, information_schema", "set time zone 'UTC-5'",
						"set query_timeout 1000", "set lock_timeout 1", "set non_keywords value, user",
						"set variable_binary true", "set truncate_large_length true"));
	}

	private static Map<String, String> settings(Connection connection) throws SQLException {
		Map<String, String> settings = Jdbc.pairs(connection, """
				select setting_name, setting_value from information_schema.settings
				where setting_name not like 'info.%'
				union all select '(lock timeout)', cast(lock_timeout() as varchar)
				union all select '(schema)', schema()
				union all select '(isolation)', isolation_level from information_schema.sessions
				where session_id = session_id()
				""");
		// Not visible otherwise: whether a table of another schema is found
		SQLException error = catchThrowableOfType(SQLException.class,
				() -> Jdbc.execute(connection, "select * from settings"));
		settings.put("(search path)", (error != null) ? "" : "information_schema");
		return settings;
	}

	private static void execute(Connection connection, List<String> statements) throws SQLException {
		for (String statement : statements) {
			Jdbc.execute(connection, statement);
		}
	}

}
