package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MySql}, which is MariaDB too, apart from its sessions.
 */
@ParameterizedClass
@EnumSource(names = { "MYSQL", "MARIADB" })
class MySqlTests {

	@Parameter
	private TestServer server;

	private MySql mySql;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.mySql = new MySql((this.server == TestServer.MYSQL) ? MySqlFlavor.MYSQL : MySqlFlavor.MARIADB);
		this.database = this.server.create();
	}

	@AfterEach
	void drop() {
		// Null where the server is missing and the test is skipped
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void saysWhereItIs() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Server answer = Databases.probe(connection);
			assertThat(answer.version()).startsWith((this.server == TestServer.MYSQL) ? "9.7." : "11.4.");
			assertThat(answer.reach()).isEqualTo(Server.Reach.SHARED);
			assertThat(answer.destination().database()).isEqualTo(this.database.name());
			assertThat(answer.destination()).isEqualTo(this.mySql.sessions().target(connection));
		}
	}

	@Test
	void connectionsToDifferentDatabasesHaveDifferentDestinations() throws SQLException {
		try (Connection connection = this.database.connect();
				Connection same = this.database.connect();
				TestDatabase other = this.server.create();
				Connection otherDatabase = other.connect()) {
			ConnectionTarget destination = this.mySql.sessions().target(connection);
			assertThat(this.mySql.sessions().target(same)).isEqualTo(destination);
			assertThat(this.mySql.sessions().target(otherDatabase)).isNotEqualTo(destination)
				.extracting(ConnectionTarget::server)
				.isEqualTo(destination.server());
		}
	}

	@Test
	void trustsTheServerAndNotTheDriver() throws SQLException {
		MySqlFlavor wrong = (this.server == TestServer.MYSQL) ? MySqlFlavor.MARIADB : MySqlFlavor.MYSQL;
		try (Connection connection = this.database.connect()) {
			MySql probed = (MySql) new MySqlProbe(wrong, connection, true).probe().database();
			assertThat(probed)
				.isEqualTo(new MySql(this.mySql.flavor(), false, probed.rules(), probed.lacksTransactions()));
		}
	}

	@Test
	void needsNoPrivileges() throws SQLException {
		String user = this.database.createUserWithoutRights();
		try (Connection connection = this.database.connectAs(user, "secret")) {
			assertThat(Databases.probe(connection).destination().database()).isEqualTo(this.database.name());
			SessionState state = this.mySql.sessions().prepare(connection, new Instance("web-1", 17, "orders"));
			for (String statement : state.betweenMigrations()) {
				Jdbc.execute(connection, statement);
			}
			for (String statement : state.original()) {
				Jdbc.execute(connection, statement);
			}
		}
	}

	@Test
	void refusesAUrlWithoutADatabase() throws SQLException {
		String url = this.database.url().replace("/" + this.database.name(), "/");
		try (Connection connection = DriverManager.getConnection(url, this.database.user(), this.database.password())) {
			assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> Databases.probe(connection))
				.satisfies((ex) -> assertThat(ex.getAction()).contains("Name the database in the URL"));
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> this.mySql.sessions().target(connection));
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> this.mySql.resolve(new TableName(null, "schema_migrations"), connection));
		}
	}

	@Test
	void refusesAReadOnlyServer() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "SET GLOBAL read_only = 1");
			try {
				assertThat(refusal(connection)).satisfies((ex) -> {
					assertThat(ex.getDescription()).contains("refuses to write: read_only is ON");
					assertThat(ex.getAction()).contains("Connect to the primary");
				});
			}
			finally {
				Jdbc.execute(connection, "SET GLOBAL read_only = 0");
			}
			assertThat(Databases.probe(connection)).isNotNull();
		}
	}

	@Test
	void refusesASessionThatIsReadOnly() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "SET SESSION TRANSACTION READ ONLY");
			assertThat(refusal(connection)).satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("_read_only is ON");
				assertThat(ex.getAction()).contains("init SQL");
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
	void takesADotAsAPartOfTheName() throws SQLException {
		TableName name = this.mySql.parseTableName("app.schema_migrations");
		assertThat(name).isEqualTo(new TableName(null, "app.schema_migrations"));
		try (Connection connection = this.database.connect()) {
			assertThat(this.mySql.resolve(name, connection))
				.isEqualTo(new TableName(this.database.name(), "app.schema_migrations"));
		}
	}

	@Test
	void refusesATableNameThatIsEmptyOrTooLong() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> this.mySql.parseTableName(" "));
		String longest = "é".repeat(56);
		assertThat(this.mySql.parseTableName(longest).name()).isEqualTo(longest);
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> this.mySql.parseTableName(longest + "x"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("at most 56 characters"));
	}

	@Test
	void quotesNames() throws SQLException {
		TableName name = new TableName(this.database.name(), "tab`le; \"drop\".x");
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "CREATE TABLE " + this.mySql.quote(name) + " (version varchar(128) PRIMARY KEY)");
			assertThat(Jdbc.onlyRow(connection, "SHOW TABLES")).containsExactly("tab`le; \"drop\".x");
		}
	}

	@Test
	void tellsAMissingTableAndAMissingRightFromOtherErrors() throws SQLException {
		String user = this.database.createUserWithoutRights();
		try (Connection connection = this.database.connectAs(user, "secret")) {
			assertError(connection, "SELECT * FROM missing", true, false);
			assertError(connection, "CREATE TABLE u (id int)", false, true);
			assertError(connection, "INSERT INTO missing VALUES (1)", false, true);
			assertError(connection, "CREATE DATABASE nowhere", false, true);
			assertError(connection, "SET GLOBAL max_connections = 10", false, true);
			assertError(connection, "SELECT missing", false, false);
		}
	}

	private void assertError(Connection connection, String sql, boolean missing, boolean denied) {
		SQLException error = catchThrowableOfType(SQLException.class, () -> Jdbc.execute(connection, sql));
		assertThat((Exception) error).as(sql).isNotNull();
		SQLException outer = new SQLException("wrapped", error);
		assertThat(this.mySql.errors().isMissingTable(error)).as(sql).isEqualTo(missing);
		assertThat(this.mySql.errors().isMissingTable(outer)).as(sql).isEqualTo(missing);
		assertThat(this.mySql.errors().isPermissionDenied(error)).as(sql).isEqualTo(denied);
		assertThat(this.mySql.errors().isPermissionDenied(outer)).as(sql).isEqualTo(denied);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb" })
	void introducesTheInstanceWhenItConnects(String driver) throws SQLException {
		Instance instance = new Instance("web-7f9c", 4711, "orders: a,b");
		String url = this.database.url().replaceFirst("jdbc:[a-z]+", "jdbc:" + driver);
		Map<String, String> properties;
		try (Connection connection = DriverManager.getConnection(url, this.database.user(), this.database.password())) {
			properties = this.mySql.sessions().driverProperties(instance, connection.getMetaData().getDriverName());
		}
		try (Connection connection = this.database.connect(properties)) {
			// MariaDB's performance schema is off unless it is configured
			if (this.server == TestServer.MYSQL) {
				assertThat(Jdbc.onlyRow(connection,
						"SELECT attr_value FROM performance_schema.session_account_connect_attrs"
								+ " WHERE attr_name = 'migrate_instance' AND processlist_id = CONNECTION_ID()"))
					.containsExactly("migrate web-7f9c/4711 orders_ a_b");
			}
			assertThat(Jdbc.onlyRow(connection, "SELECT 1")).containsExactly("1");
		}
		assertThat(this.mySql.sessions().driverProperties(instance, "Some other driver")).isEmpty();
	}

}
