package io.github.migrateboot.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link PostgreSql}, apart from its sessions.
 */
class PostgreSqlTests {

	private final PostgreSql postgreSql = new PostgreSql();

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
	}

	@AfterEach
	void drop() {
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void saysWhereItIs() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Server server = Databases.probe(connection);
			assertThat(server.version()).startsWith("18.");
			assertThat(server.reach()).isEqualTo(Server.Reach.SHARED);
			assertThat(server.destination().database()).isEqualTo(this.database.name());
			assertThat(server.destination().schema()).isEqualTo("public");
			assertThat(server.destination()).isEqualTo(this.postgreSql.sessions().target(connection));
		}
	}

	@Test
	void connectionsToDifferentServersDatabasesOrSchemasHaveDifferentDestinations() throws SQLException {
		this.database.execute("create schema app");
		try (Connection connection = this.database.connect();
				Connection same = this.database.connect(Map.of("options", "-c timezone=Asia/Tokyo"));
				Connection otherSchema = this.database.connect(Map.of("currentSchema", "app"));
				TestDatabase other = TestServer.POSTGRES_EMBEDDED.create();
				Connection otherDatabase = other.connect()) {
			ConnectionTarget destination = this.postgreSql.sessions().target(connection);
			assertThat(this.postgreSql.sessions().target(same)).isEqualTo(destination);
			assertThat(this.postgreSql.sessions().target(otherSchema)).isNotEqualTo(destination);
			assertThat(this.postgreSql.sessions().target(otherDatabase)).isNotEqualTo(destination)
				.extracting(ConnectionTarget::server)
				.isEqualTo(destination.server());
		}
	}

	@Test
	void asksTheServerItselfAndNotAFunctionOfTheSameName() throws SQLException {
		this.database.execute("create schema app",
				"create function app.version() returns text language sql as $$ select 'CockroachDB' $$",
				"create function app.pg_is_in_recovery() returns boolean language sql as $$ select true $$",
				"create view app.pg_settings as select 'role'::text as name, 'x'::text as setting, 'session'::text source");
		try (Connection connection = this.database.connect(Map.of("options", "-c search_path=app,pg_catalog"))) {
			assertThat(Jdbc.onlyRow(connection, "select version()")).containsExactly("CockroachDB");
			assertThat(Databases.probe(connection).version()).startsWith("18.");
			this.postgreSql.sessions().prepare(connection, new Instance("web-1", 17, "orders"));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			alter database %1$s set default_transaction_read_only = on    | ALTER DATABASE or ALTER ROLE
			alter role %1$s_r in database %1$s set default_transaction_read_only = on | ALTER DATABASE or ALTER ROLE
			""")
	void refusesAReadOnlyDatabaseOrRole(String statement, String cause) throws SQLException {
		String role = this.database.name() + "_r";
		this.database.execute("create role " + role + " login superuser password 'secret'",
				statement.formatted(this.database.name()));
		try (Connection connection = this.database.connectAs(role, "secret")) {
			assertThat(refusal(connection).getDescription()).contains("refuses to write", cause);
		}
		finally {
			try (Connection connection = this.database
				.connect(Map.of("options", "-c default_transaction_read_only=off"))) {
				Jdbc.execute(connection, "drop role " + role);
			}
		}
	}

	@Test
	void refusesAConnectionWhoseUrlMakesItReadOnly() throws SQLException {
		try (Connection connection = this.database.connect(Map.of("options", "-c default_transaction_read_only=on"))) {
			assertThat(refusal(connection).getDescription()).contains("the options in the JDBC URL");
		}
	}

	@Test
	void refusesASessionThatInitSqlHasMadeReadOnly() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "set default_transaction_read_only = on");
			assertThat(refusal(connection).getDescription()).contains("init SQL");
		}
	}

	@Test
	void refusesAStandby(@TempDir Path directory) throws Exception {
		Path data = directory.resolve("data");
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(data)
			.setCleanDataDirectory(false);
		builder.start().close();
		Files.createFile(data.resolve("standby.signal"));
		try (EmbeddedPostgres standby = builder.start();
				Connection connection = standby.getPostgresDatabase().getConnection()) {
			assertThat(refusal(connection)).satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("standby");
				assertThat(ex.getAction()).isEqualTo("Connect to the primary.");
			});
		}
	}

	private UnsupportedDatabaseException refusal(Connection connection) {
		UnsupportedDatabaseException refusal = catchThrowableOfType(UnsupportedDatabaseException.class,
				() -> Databases.probe(connection));
		assertThat(refusal).isNotNull();
		return refusal;
	}

	@Test
	void takesADotForSchemaAndTable() {
		assertThat(this.postgreSql.parseTableName("schema_migrations"))
			.isEqualTo(new TableName(null, "schema_migrations"));
		assertThat(this.postgreSql.parseTableName("App.Migrations")).isEqualTo(new TableName("App", "Migrations"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.b.c", ".a", "a.", ".", " . ", " ", "" })
	void refusesATableNameWithMoreDotsOrEmptyParts(String name) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> this.postgreSql.parseTableName(name))
			.satisfies((ex) -> assertThat(ex.getDescription()).contains("'" + name + "'"));
	}

	@Test
	void refusesATableNameThatTheServerWouldCutOff() {
		String longest = "é".repeat(27) + "x";
		assertThat(this.postgreSql.parseTableName("app." + longest).name()).isEqualTo(longest);
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> this.postgreSql.parseTableName(longest + "y"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("at most 55 bytes"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			public                        | public
			app, public                   | app
			missing, app                  | missing
			missing                       | missing
			"$user", pg_temp, Missing     | missing
			"$user", "Mis,s""ing "        | 'Mis,s"ing '
			"$user"                       | public
			''''''                        | public
			""")
	void resolvesTheSchemaFromTheSearchPath(String searchPath, String schema) throws SQLException {
		this.database.execute("create schema app");
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "set search_path = " + searchPath);
			TableName name = this.postgreSql.resolve(new TableName(null, "schema_migrations"), connection);
			assertThat(name).isEqualTo(new TableName(schema, "schema_migrations"));
		}
	}

	@Test
	void keepsAConfiguredSchema() throws SQLException {
		try (Connection connection = this.database.connect()) {
			TableName name = new TableName("not there yet", "schema_migrations");
			assertThat(this.postgreSql.resolve(name, connection)).isSameAs(name);
		}
	}

	@Test
	void quotesNames() throws SQLException {
		TableName name = new TableName("s\".\"t", "tab\"le; drop");
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "create schema " + this.postgreSql.quote("s\".\"t"));
			Jdbc.execute(connection, "create table " + this.postgreSql.quote(name) + " (version varchar primary key)");
			assertThat(
					Jdbc.onlyRow(connection, "select schemaname, tablename from pg_tables where tablename like 'tab%'"))
				.containsExactly("s\".\"t", "tab\"le; drop");
		}
	}

	@Test
	void tellsAMissingTableAndAMissingRightFromOtherErrors() throws SQLException {
		this.database.execute("create table t (id int)");
		String user = this.database.createUserWithoutRights();
		try (Connection connection = this.database.connectAs(user, "secret")) {
			assertError(connection, "select * from missing", true, false);
			assertError(connection, "select * from missing.t", true, false);
			assertError(connection, "create table missing.t (id int)", true, false);
			assertError(connection, "select * from t", false, true);
			assertError(connection, "create table u (id int)", false, true);
			assertError(connection, "select missing", false, false);
		}
		this.database.execute("drop owned by " + user, "drop role " + user);
	}

	private void assertError(Connection connection, String sql, boolean missing, boolean denied) {
		SQLException error = catchThrowableOfType(SQLException.class, () -> Jdbc.execute(connection, sql));
		assertThat((Exception) error).as(sql).isNotNull();
		assertThat(this.postgreSql.errors().isMissingTable(error)).as(sql).isEqualTo(missing);
		assertThat(this.postgreSql.errors().isPermissionDenied(error)).as(sql).isEqualTo(denied);
		SQLException outer = new SQLException("batch");
		outer.setNextException(new SQLException("wrapped", error));
		assertThat(this.postgreSql.errors().isMissingTable(outer)).as("nested: " + sql).isEqualTo(missing);
		assertThat(this.postgreSql.errors().isPermissionDenied(outer)).as("nested: " + sql).isEqualTo(denied);
	}

	@Test
	void introducesTheInstanceWhenItConnects() throws SQLException {
		Instance instance = new Instance("web-7f9c", 4711, "orders");
		Map<String, String> properties = this.postgreSql.sessions()
			.driverProperties(instance, "PostgreSQL JDBC Driver");
		try (Connection connection = this.database.connect(properties);
				Connection other = DriverManager.getConnection(this.database.url(), this.database.user(),
						this.database.password())) {
			String pid = Jdbc.text(Jdbc.onlyRow(connection, "select pg_backend_pid()"), 0);
			assertThat(Jdbc.onlyRow(other, "select application_name from pg_stat_activity where pid = " + pid))
				.containsExactly("migrate web-7f9c/4711 orders");
		}
		assertThat(this.postgreSql.sessions().driverProperties(instance, "Some other driver")).isEmpty();
	}

}
