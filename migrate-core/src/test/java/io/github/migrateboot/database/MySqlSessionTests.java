package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.migrateboot.testing.CountingProxy;
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

/**
 * Tests for {@link MySqlSession}.
 */
@ParameterizedClass
@EnumSource(names = { "MYSQL", "MARIADB" })
class MySqlSessionTests {

	private static final Instance INSTANCE = new Instance("web-7f9c", 4711, "orders");

	/** Differ from query to query. */
	private static final Set<String> VOLATILE = Set.of("timestamp", "pseudo_thread_id", "rand_seed1", "rand_seed2",
			"gtid_executed", "gtid_binlog_pos", "gtid_current_pos", "last_insert_id", "identity", "insert_id",
			"error_count", "warning_count", "last_gtid", "gtid_seq_no", "in_transaction", "autocommit", "statement_id");

	@Parameter
	private TestServer server;

	private MySql mySql;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.mySql = new MySql((this.server == TestServer.MYSQL) ? MySqlFlavor.MYSQL : MySqlFlavor.MARIADB);
		this.database = this.server.create();
		this.database.execute("CREATE TABLE t (id int)");
	}

	@AfterEach
	void drop() {
		// Null where the server is missing and the test is skipped
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void endsASilentSessionAndBoundsTheWaitForATable() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "SET SESSION " + this.mySql.flavor().statementTimeLimit() + " = 5000");
			this.mySql.sessions().prepare(connection, INSTANCE);
			assertThat(Jdbc.onlyRow(connection,
					"SELECT @@session.wait_timeout, @@session.lock_wait_timeout, @@session."
							+ this.mySql.flavor().statementTimeLimit() + " + 0 = 0"))
				.containsExactly("30", "3600", "1");
		}
	}

	@Test
	void setsTheModeThatTheServerGivesNotTheDriver() throws SQLException {
		try (Connection connection = this.database.connect()) {
			String server = Jdbc.text(Jdbc.onlyRow(connection, "SELECT @@global.sql_mode"), 0);
			String driver = Jdbc.text(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode"), 0);
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			assertThat(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode")).containsExactly(server);
			Jdbc.execute(connection, "CREATE TABLE count (a int)");
			for (List<String> restore : List.of(state.betweenMigrations(), state.afterPlain())) {
				Jdbc.execute(connection, "SET SESSION sql_mode = 'IGNORE_SPACE'");
				execute(connection, restore);
				assertThat(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode")).containsExactly(server);
			}
			execute(connection, state.original());
			assertThat(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode")).containsExactly(driver);
		}
	}

	@Test
	void keepsTheModeThatTheConnectionWasGiven() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI'");
			String given = Jdbc.text(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode"), 0);
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			assertThat(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode")).containsExactly(given);
			Jdbc.execute(connection, "SET SESSION sql_mode = ''");
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(connection, "SELECT @@session.sql_mode")).containsExactly(given);
		}
	}

	@Test
	void preparesInTwoRoundTrips() throws SQLException {
		try (CountingProxy proxy = CountingProxy.to(this.database.url());
				Connection connection = DriverManager.getConnection(proxy.url(this.database.url()),
						this.database.user(), this.database.password())) {
			int start = proxy.roundTrips();
			this.mySql.sessions().prepare(connection, INSTANCE);
			assertThat(proxy.roundTrips() - start).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void putsBackWhatAMigrationHasChangedAndKeepsTheLock(boolean inTransaction) throws SQLException {
		try (Connection connection = this.database.connect(); Connection observer = this.database.connect()) {
			Jdbc.execute(connection, "SET SESSION time_zone = '+09:00', group_concat_max_len = 4711");
			assertThat(lock(connection)).isEqualTo("1");
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			Map<String, String> before = variables(connection);
			connection.setAutoCommit(!inTransaction);
			Jdbc.execute(connection, "INSERT INTO " + this.database.name() + ".t VALUES (1)");
			makeAMess(connection);
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(observer, "SELECT COUNT(*) FROM t")).containsExactly(inTransaction ? "0" : "1");
			if (inTransaction) {
				connection.commit();
				connection.setAutoCommit(true);
			}
			Map<String, String> after = variables(connection);
			assertThat(difference(before, after)).isEmpty();
			assertThat(after).containsEntry("(database)", this.database.name())
				.containsEntry("time_zone", "+09:00")
				.containsEntry("group_concat_max_len", "4711");
			assertThat(lock(observer)).isEqualTo("0");
		}
	}

	@Test
	void putsABorrowedConnectionBackAsItWas() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection,
					"SET SESSION time_zone = '+09:00', " + this.mySql.flavor().statementTimeLimit() + " = 7");
			Map<String, String> before = variables(connection);
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			makeAMess(connection);
			execute(connection, state.original());
			assertThat(difference(before, variables(connection))).isEmpty();
			assertThat(before).containsEntry("time_zone", "+09:00");
		}
	}

	@Test
	void unlocksTables() throws SQLException {
		try (Connection connection = this.database.connect(); Connection other = this.database.connect()) {
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			Jdbc.execute(connection, "LOCK TABLES t WRITE");
			execute(connection, state.betweenMigrations());
			Jdbc.execute(other, "SET SESSION lock_wait_timeout = 1");
			Jdbc.execute(other, "INSERT INTO t VALUES (2)");
			assertThat(Jdbc.onlyRow(other, "SELECT COUNT(*) FROM t")).containsExactly("1");
		}
	}

	@Test
	void keepsTheRole() throws SQLException {
		String role = this.database.name() + "_r";
		String current = (this.server == TestServer.MYSQL) ? "`" + role + "`@`%`" : role;
		try (Connection connection = this.database.connect()) {
			execute(connection,
					List.of("CREATE ROLE " + role, "GRANT " + role + " TO CURRENT_USER()", "SET ROLE " + role));
			SessionState state = this.mySql.sessions().prepare(connection, INSTANCE);
			Jdbc.execute(connection, "SET ROLE NONE");
			execute(connection, state.betweenMigrations());
			assertThat(Jdbc.onlyRow(connection, "SELECT CURRENT_ROLE()")).containsExactly(current);
			Jdbc.execute(connection, "SET ROLE NONE");
			SessionState none = this.mySql.sessions().prepare(connection, INSTANCE);
			Jdbc.execute(connection, "SET ROLE " + role);
			execute(connection, none.betweenMigrations());
			assertThat(Jdbc.onlyRow(connection, "SELECT CURRENT_ROLE()")).doesNotContain(current);
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}
	}

	private void makeAMess(Connection connection) throws SQLException {
		execute(connection,
				List.of("USE information_schema", "SET NAMES utf8mb3", "SET SESSION sql_mode = 'ANSI_QUOTES'",
						"SET SESSION foreign_key_checks = 0", "SET SESSION unique_checks = 0",
						"SET SESSION time_zone = '-05:00'", "SET SESSION sql_safe_updates = 1",
						"SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET SESSION TRANSACTION READ ONLY",
						"SET SESSION default_storage_engine = MyISAM", "SET SESSION completion_type = 'CHAIN'",
						"SET SESSION sql_select_limit = 1", "SET SESSION sql_auto_is_null = 1",
						"SET SESSION group_concat_max_len = 8", "SET SESSION lc_time_names = 'de_DE'",
						"SET SESSION div_precision_increment = 9", "SET SESSION default_week_format = 3",
						"SET SESSION innodb_lock_wait_timeout = 1", "SET SESSION lock_wait_timeout = 1",
						"SET SESSION wait_timeout = 1000", "SET SESSION sql_notes = 0",
						"SET SESSION updatable_views_with_limit = 0", "SET character_set_results = 'utf8mb4'",
						"SET SESSION " + this.mySql.flavor().statementTimeLimit() + " = 1000"));
		if (this.server == TestServer.MARIADB) {
			execute(connection, List.of("SET SESSION check_constraint_checks = 0",
					"SET SESSION system_versioning_alter_history = KEEP"));
		}
	}

	private static String lock(Connection connection) throws SQLException {
		return Jdbc.text(Jdbc.onlyRow(connection, "SELECT GET_LOCK('migrate test', 0)"), 0);
	}

	private static Map<String, String> variables(Connection connection) throws SQLException {
		Map<String, String> variables = new TreeMap<>(Jdbc.pairs(connection, "SHOW SESSION VARIABLES"));
		variables.keySet().removeAll(VOLATILE);
		variables.put("(database)", Jdbc.text(Jdbc.onlyRow(connection, "SELECT DATABASE()"), 0));
		return variables;
	}

	private static Map<String, String> difference(Map<String, String> before, Map<String, String> after) {
		Map<String, String> difference = new TreeMap<>(after);
		difference.entrySet().removeAll(before.entrySet());
		return difference;
	}

	private static void execute(Connection connection, List<String> statements) throws SQLException {
		for (String statement : statements) {
			Jdbc.execute(connection, statement);
		}
	}

}
