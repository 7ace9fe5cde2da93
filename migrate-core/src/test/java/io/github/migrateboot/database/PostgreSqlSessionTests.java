package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSqlSession}.
 */
class PostgreSqlSessionTests {

	private static final Instance INSTANCE = new Instance("web-7f9c", 4711, "orders");

	private final PostgreSql postgreSql = new PostgreSql();

	private TestDatabase database;

	private String owner;

	private String other;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.owner = this.database.name() + "_owner";
		this.other = this.database.name() + "_\"other\"";
		this.database.execute("create schema app", "create role " + this.owner,
				"create role " + this.postgreSql.quote(this.other), "create table t (id int)");
	}

	@AfterEach
	void drop() {
		if (this.database != null) {
			this.database.execute("drop role " + this.owner, "drop role " + this.postgreSql.quote(this.other));
			this.database.close();
		}
	}

	@Test
	void endsASilentSessionAndNoticesADeadClient() throws SQLException {
		try (Connection connection = this.database.connect(Map.of("options",
				"-c statement_timeout=5s -c lock_timeout=4s -c transaction_timeout=3s -c idle_session_timeout=0"))) {
			this.postgreSql.sessions().prepare(connection, INSTANCE);
			assertThat(settings(connection)).containsEntry("idle_session_timeout", "30000")
				.containsEntry("idle_in_transaction_session_timeout", "30000")
				.containsEntry("client_connection_check_interval", "1000")
				.containsEntry("statement_timeout", "0")
				.containsEntry("lock_timeout", "0")
				.containsEntry("transaction_timeout", "0")
				.containsEntry("application_name", "migrate web-7f9c/4711 orders");
		}
	}

	@Test
	void preparesInOneRoundTripAndPutsBackInOneBatch() throws SQLException {
		try (CountingProxy proxy = CountingProxy.to(this.database.url());
				Connection connection = DriverManager.getConnection(proxy.url(this.database.url()),
						this.database.user(), this.database.password())) {
			int start = proxy.roundTrips();
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			int prepared = proxy.roundTrips();
			assertThat(prepared - start).isOne();
			try (Statement statement = connection.createStatement()) {
				for (String sql : state.betweenMigrations()) {
					statement.addBatch(sql);
				}
				statement.executeBatch();
			}
			assertThat(proxy.roundTrips() - prepared).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void putsBackWhatAMigrationHasChangedAndKeepsTheLock(boolean inTransaction) throws SQLException {
		try (Connection connection = this.database.connect(Map.of("options", "-c work_mem=8MB"));
				Connection observer = this.database.connect()) {
			connection.setSchema("app");
			Jdbc.execute(connection, "set timezone = 'Asia/Tokyo'");
			assertThat(lock(connection)).isEqualTo("t");
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			Map<String, String> before = settings(connection);
			connection.setAutoCommit(!inTransaction);
			Jdbc.execute(connection, "insert into public.t values (1)");
			makeAMess(connection);
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(observer, "select count(*) from t")).containsExactly(inTransaction ? "0" : "1");
			if (inTransaction) {
				connection.commit();
				connection.setAutoCommit(true);
			}
			assertThat(settings(connection)).isEqualTo(before)
				.containsEntry("(schema)", "app")
				.containsEntry("work_mem", "8192")
				.containsEntry("timezone", "Asia/Tokyo");
			assertThat(lock(observer)).isEqualTo("f");
		}
	}

	private void makeAMess(Connection connection) throws SQLException {
		execute(connection,
				List.of("set search_path = pg_catalog", "set work_mem = '1MB'", "set timezone = 'UTC'",
						"set datestyle = 'ISO, DMY'", "set check_function_bodies = off", "set row_security = off",
						"set statement_timeout = '10s'", "set lock_timeout = '10s'", "set transaction_timeout = '10s'",
						"set idle_session_timeout = 0", "set idle_in_transaction_session_timeout = 0",
						"set client_connection_check_interval = 0", "set session_replication_role = replica",
						"set application_name = 'me'", "set default_transaction_isolation = 'serializable'",
						"set synchronous_commit = off", "set role " + this.owner,
						"set session authorization " + this.postgreSql.quote(this.other)));
	}

	@Test
	void keepsTheRoleThatTheConnectionCameWith() throws SQLException {
		try (Connection connection = this.database.connect()) {
			// Only a superuser may set it, which the role is not
			Jdbc.execute(connection, "set session_replication_role = replica");
			Jdbc.execute(connection, "set role " + this.owner);
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			Map<String, String> before = settings(connection);
			assertThat(before).containsEntry("(user)", this.owner).containsEntry("session_replication_role", "replica");
			Jdbc.execute(connection, "set role none");
			Jdbc.execute(connection, "set session_replication_role = local");
			execute(connection, state.betweenMigrations());
			assertThat(settings(connection)).isEqualTo(before);
			execute(connection, state.original());
			assertThat(Jdbc.onlyRow(connection, "select current_user")).containsExactly(this.owner);
		}
	}

	@Test
	void keepsTheSessionAuthorizationThatTheConnectionCameWith() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "set session authorization " + this.postgreSql.quote(this.other));
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			Jdbc.execute(connection, "set session authorization default");
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(connection, "select session_user, current_user")).containsExactly(this.other,
					this.other);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"$user", public
			"My Schema", "a""b", "with, comma", plain
			"back\\slash", 'quo''te'
			''''''
			""")
	void putsABorrowedConnectionBackAsItWas(String searchPath) throws SQLException {
		try (Connection connection = this.database.connect(Map.of("ApplicationName", "shop"))) {
			Jdbc.execute(connection, "set search_path = " + searchPath);
			Jdbc.execute(connection, "set statement_timeout = '7s'");
			Map<String, String> before = settings(connection);
			List<String> resolved = searchPath(connection);
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			makeAMess(connection);
			execute(connection, state.original());
			assertThat(searchPath(connection)).isEqualTo(resolved);
			Map<String, String> after = settings(connection);
			after.remove("search_path");
			before.remove("search_path");
			assertThat(after).isEqualTo(before).containsEntry("application_name", "shop");
		}
	}

	private static List<String> searchPath(Connection connection) throws SQLException {
		return PostgreSqlSession.names(Jdbc.text(Jdbc.onlyRow(connection, "show search_path"), 0))
			.stream()
			.filter((name) -> !name.isEmpty())
			.toList();
	}

	@Test
	void leavesNoSnapshotInATransaction() throws SQLException {
		try (Connection connection = this.database.connect(); Connection observer = this.database.connect()) {
			SessionState state = this.postgreSql.sessions().prepare(connection, INSTANCE);
			String pid = Jdbc.text(Jdbc.onlyRow(connection, "select pg_backend_pid()"), 0);
			connection.setAutoCommit(false);
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(observer, "select state, backend_xmin from pg_stat_activity where pid = " + pid))
				.containsExactly("idle in transaction", null);
		}
	}

	private static String lock(Connection connection) throws SQLException {
		return Jdbc.text(Jdbc.onlyRow(connection, "select pg_try_advisory_lock(42)"), 0);
	}

	private static Map<String, String> settings(Connection connection) throws SQLException {
		return Jdbc.pairs(connection, """
				select name, setting from pg_catalog.pg_settings
				where name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
				union all select '(user)', current_user
				union all select '(session_user)', session_user
				union all select '(schema)', current_schema()
				""");
	}

	private static void execute(Connection connection, List<String> statements) throws SQLException {
		for (String statement : statements) {
			Jdbc.execute(connection, statement);
		}
	}

}
