package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * In what state a pool of one connection gets it back, whatever way a run ends that has
 * borrowed it.
 */
class BorrowedSessionTests {

	/** Change with each query, or with each session. */
	private static final Set<String> VOLATILE = Set.of("timestamp", "last_insert_id", "identity", "insert_id",
			"pseudo_thread_id", "rand_seed1", "rand_seed2", "warning_count", "error_count", "statement_id", "gtid_next",
			"gtid_executed", "in_transaction", "last_gtid");

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "SQLITE", "H2" })
	void isAsItWasAfterASuccess(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			this.folder.add("1_first.sql", "create table first (id int);\n" + changes(server))
				.addWithoutTransaction("2_second.sql", "create table other (id int);\n" + changes(server));
			assertRestored(pool, () -> migrator(pool, UnaryOperator.identity()).migrate());
			try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
				assertThat(statement.executeQuery("select 1 from other").next()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "SQLITE", "H2" })
	void isAsItWasAfterAFailedMigration(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			this.folder.addWithoutTransaction("1_first.sql",
					"create table first (id int);\n" + changes(server) + "begin;\nselekt 1;");
			if (server == TestServer.H2) {
				this.folder.addWithoutTransaction("1_first.sql", changes(server) + "selekt 1;");
			}
			assertRestored(pool,
					() -> assertThatExceptionOfType(MigrationException.class)
						.isThrownBy(() -> migrator(pool, UnaryOperator.identity()).migrate())
						.withMessageContaining("selekt"));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "SQLITE", "H2" })
	void isAsItWasIfTheRunCanNotStart(TestServer server) throws SQLException {
		this.folder.add("1_first.sql", "create table first (id int);");
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			assertRestored(pool,
					() -> assertThatExceptionOfType(InvalidSettingException.class)
						.isThrownBy(() -> migrator(pool, initSql(changes(server) + "selekt 1")).migrate())
						.withMessageContaining("migrate.init-sql failed"));
			assertRestored(pool, () -> assertThatExceptionOfType(StackOverflowError.class)
				.isThrownBy(() -> migrator(pool, initSql(changes(server)), (choice, request) -> {
					throw new StackOverflowError();
				}).migrate()));
			assertRestored(pool, () -> assertThatExceptionOfType(StackOverflowError.class)
				.isThrownBy(() -> migrator(pool, UnaryOperator.identity(), (choice, request) -> {
					throw new StackOverflowError();
				}).migrate()));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "H2" })
	void isAsItWasIfInitSqlLeadsElsewhere(TestServer server) throws SQLException {
		this.folder.add("1_first.sql", "create table first (id int);");
		String lead = (server == TestServer.H2) ? "set schema other" : "set search_path = other";
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
				statement.execute("create schema other");
			}
			assertRestored(pool, () -> assertThatExceptionOfType(ConnectionMismatchException.class)
				.isThrownBy(() -> migrator(pool, initSql(lead)).migrate()));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "SQLITE" })
	void isAsItWasIfTheLockIsNotFree(TestServer server) throws Exception {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			this.folder.addWithoutTransaction("1_slow.sql", sleep(server, 60) + "\nselect 1;");
			Migrator holder = migrator(database.connections(), UnaryOperator.identity(), LockStrategies::choose);
			CompletableFuture<?> running = CompletableFuture.runAsync(holder::migrate);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> holder.status().running() != null);
			UnaryOperator<MigratorSettings> impatient = (settings) -> settings
				.withLock(LockSettings.defaults().withTimeout(Duration.ofMillis(1500)));
			assertRestored(pool, () -> assertThatExceptionOfType(LockTimeoutException.class)
				.isThrownBy(() -> migrator(pool, impatient).migrate()));
			Migrator waiter = migrator(pool, UnaryOperator.identity());
			assertRestored(pool, () -> {
				CompletableFuture<?> waiting = CompletableFuture.runAsync(waiter::migrate);
				Awaitility.await().until(() -> waiter.status().holder() != null || waiting.isDone());
				assertThat(waiter.stop(Duration.ofSeconds(10))).isTrue();
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS));
			});
			holder.stop(Duration.ZERO);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(30, TimeUnit.SECONDS));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void isAsItWasIfAStatementIsCancelled(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			this.folder.addWithoutTransaction("1_slow.sql", changes(server) + sleep(server, 60) + "\nselect 1;");
			Migrator migrator = migrator(pool, UnaryOperator.identity());
			assertRestored(pool, () -> {
				CompletableFuture<?> running = CompletableFuture.runAsync(migrator::migrate);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isSleeping(database));
				migrator.stop(Duration.ZERO);
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(30, TimeUnit.SECONDS));
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void lockThatCouldNotBeReleasedDoesNotGoBackWithIt(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database)) {
			this.folder.add("1_first.sql", "create table first (id int);");
			assertRestored(pool, () -> {
				this.folder.addWithoutTransaction("2_locks.sql", lock(server) + "selekt 1;");
				assertThatExceptionOfType(MigrationFailedException.class)
					.isThrownBy(() -> migrator(pool, UnaryOperator.identity()).migrate());
				// The server ends the session that was not given back when it notices.
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> locks(database) == 0);
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void migrationMayTakeLongerThanTheApplicationsNetworkTimeout(TestServer server) throws SQLException {
		try (TestDatabase database = server.create();
				HikariDataSource pool = pool(database, (configuration) -> configuration
					.addDataSourceProperty("socketTimeout", (server == TestServer.POSTGRES_EMBEDDED) ? "2" : "2000"))) {
			this.folder.addWithoutTransaction("1_slow.sql", sleep(server, 4));
			assertRestored(pool, () -> migrator(pool, UnaryOperator.identity()).migrate());
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void prepareThresholdIsRestoredBehindAPooler() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database);
				HikariDataSource pool = pgBouncer.through(database).pool(1)) {
			this.folder.add("1_first.sql", "create table first (id int);");
			try (Connection connection = pool.getConnection()) {
				connection.unwrap(PGConnection.class).setPrepareThreshold(7);
			}
			Migrator stopping = migrator(pool, UnaryOperator.identity(), (choice, request) -> {
				assertThat(request.connection().unwrap(PGConnection.class).getPrepareThreshold()).isZero();
				throw new InvalidSettingException("stop here", "");
			});
			assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(stopping::migrate);
			try (Connection connection = pool.getConnection()) {
				assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold()).isEqualTo(7);
			}
		}
	}

	/**
	 * Compare what the pool's only connection is set to before and after something.
	 */
	private static void assertRestored(HikariDataSource pool, Action action) throws SQLException {
		Map<String, String> before = settings(pool);
		action.run();
		Map<String, String> after = settings(pool);
		Map<String, String> changed = new TreeMap<>();
		after.forEach((name, value) -> {
			if (!Objects.equals(before.get(name), value)) {
				changed.put(name, before.get(name) + " -> " + value);
			}
		});
		assertThat(changed).isEmpty();
		assertThat(after).containsOnlyKeys(before.keySet());
	}

	private static Map<String, String> settings(HikariDataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection()) {
			return settings(connection);
		}
	}

	/**
	 * Return what a connection is set to.
	 */
	static Map<String, String> settings(Connection connection) throws SQLException {
		Map<String, String> settings = new TreeMap<>();
		settings.put("autocommit (driver)", String.valueOf(connection.getAutoCommit()));
		settings.put("network timeout (driver)", String.valueOf(connection.getNetworkTimeout()));
		settings.put("read-only (driver)", String.valueOf(connection.isReadOnly()));
		settings.put("isolation (driver)", String.valueOf(connection.getTransactionIsolation()));
		settings.put("holdability (driver)", String.valueOf(connection.getHoldability()));
		settings.put("catalog (driver)", connection.getCatalog());
		settings.put("warnings (driver)", String.valueOf(connection.getWarnings()));
		if (connection.isWrapperFor(PGConnection.class)) {
			settings.put("prepareThreshold (driver)",
					String.valueOf(connection.unwrap(PGConnection.class).getPrepareThreshold()));
			settings.put("client info (driver)", String.valueOf(connection.getClientInfo()));
		}
		for (String query : queries(connection.getMetaData().getDatabaseProductName())) {
			try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
				boolean pairs = row.getMetaData().getColumnCount() > 1;
				while (row.next()) {
					String name = pairs ? row.getString(1) : query;
					if (!VOLATILE.contains(name)) {
						settings.put(name, row.getString(pairs ? 2 : 1));
					}
				}
			}
		}
		if (!connection.getAutoCommit()) {
			connection.rollback();
		}
		return settings;
	}

	private static String[] queries(String product) {
		return switch (product) {
			case "PostgreSQL" -> new String[] { "select name, setting from pg_settings", "select current_user::text",
					"select session_user::text", "select count(*) from pg_listening_channels()",
					"select current_setting('app.tenant', true)", "select current_setting('app.own', true)",
					"select count(*) from pg_class where relpersistence = 't' and relnamespace = pg_my_temp_schema()",
					"select count(*) from pg_prepared_statements where from_sql",
					"select count(*) from pg_locks where locktype = 'advisory'" };
			case "SQLite" ->
				new String[] { "pragma foreign_keys", "pragma busy_timeout", "pragma synchronous", "pragma query_only",
						"pragma recursive_triggers", "pragma defer_foreign_keys", "pragma ignore_check_constraints" };
			case "H2" -> new String[] { "select setting_name, setting_value from information_schema.settings",
					"select schema()", "select lock_timeout()",
					"select isolation_level from information_schema.sessions where session_id = session_id()",
					"select state_key, state_command from information_schema.session_state"
							+ " where state_key = 'SCHEMA_SEARCH_PATH'" };
			default -> new String[] { "show session variables", "select database()", "select current_user()",
					"select current_role()", "select @tenant", "select @own" };
		};
	}

	/**
	 * Return statements that change a session.
	 */
	private static String changes(TestServer server) {
		return switch (server) {
			case POSTGRES,
					POSTGRES_EMBEDDED ->
				"set statement_timeout = '77s'; set app.own = 'mine';"
						+ " set app.tenant = 'other'; set time zone 'Asia/Tokyo'; listen news;" + " prepare p"
						+ System.nanoTime() + " as select 1; create temporary table if not exists tmp (id int);\n";
			case MYSQL,
					MARIADB ->
				"set @own = 1; set @tenant = 'other'; set session sql_mode = 'ANSI';"
						+ " set session time_zone = '+09:00'; set session sort_buffer_size = 123392;"
						+ " set session transaction isolation level serializable;\n";
			case SQLITE -> "pragma foreign_keys = on; pragma busy_timeout = 77;\n";
			case H2 -> "set lock_timeout 77; set query_timeout 77000; set time zone 'Asia/Tokyo';\n";
		};
	}

	private static String lock(TestServer server) {
		return (server == TestServer.POSTGRES_EMBEDDED) ? "select pg_advisory_lock(4711);\n"
				: "do get_lock('mine_" + ProcessHandle.current().pid() + "', 1);\n";
	}

	private static int locks(TestDatabase database) {
		Integer count = database.jdbc()
			.queryForObject(
					(database.server() == TestServer.POSTGRES_EMBEDDED)
							? "select count(*) from pg_locks l join pg_database d on d.oid = l.database"
									+ " where l.locktype = 'advisory' and d.datname = current_database()"
							: "select count(is_used_lock('mine_" + ProcessHandle.current().pid() + "'))",
					Integer.class);
		return (count != null) ? count : -1;
	}

	private static String sleep(TestServer server, int seconds) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "select pg_sleep(" + seconds + ");";
			case MYSQL, MARIADB -> "do sleep(" + seconds + ");";
			default -> "with recursive c(x) as (select 1 union all select x + 1 from c where x < " + seconds
					+ "00000000) select count(*) from c;";
		};
	}

	private static boolean isSleeping(TestDatabase database) {
		String table = (database.server() == TestServer.POSTGRES_EMBEDDED)
				? "pg_stat_activity where pid <> pg_backend_pid() and query like 'select pg_sleep%'"
				: "information_schema.processlist where info like 'do sleep%'";
		return Integer.valueOf(1)
			.equals(database.jdbc().queryForObject("select count(*) from " + table, Integer.class));
	}

	private static HikariDataSource pool(TestDatabase database) {
		return pool(database, (configuration) -> {
		});
	}

	private static HikariDataSource pool(TestDatabase database, Consumer<HikariConfig> customizer) {
		HikariConfig configuration = new HikariConfig();
		configuration
			.setJdbcUrl((database.server() == TestServer.H2) ? "jdbc:h2:mem:" + database.name() : database.url());
		configuration.setUsername(database.user());
		configuration.setPassword(database.password());
		configuration.setMaximumPoolSize(1);
		configuration.setConnectionTimeout(10_000);
		configuration.setAutoCommit(database.server() != TestServer.MARIADB);
		configuration.setConnectionInitSql(switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED ->
				"set app.tenant = 'a'; set work_mem = '5MB'; set statement_timeout = '20s'";
			case MYSQL, MARIADB -> "set @tenant = 'a', session lock_wait_timeout = 1234";
			case SQLITE -> "pragma busy_timeout = 1234";
			case H2 -> "set lock_timeout 1234";
		});
		customizer.accept(configuration);
		return new HikariDataSource(configuration);
	}

	private Migrator migrator(HikariDataSource pool, UnaryOperator<MigratorSettings> customizer) {
		return migrator(pool, customizer, LockStrategies::choose);
	}

	private Migrator migrator(HikariDataSource pool, UnaryOperator<MigratorSettings> customizer,
			LockStrategyFactory locks) {
		return migrator(borrowing(pool), customizer, locks);
	}

	private Migrator migrator(MigrationConnections connections, UnaryOperator<MigratorSettings> customizer,
			LockStrategyFactory locks) {
		MigratorSettings settings = customizer.apply(MigratorSettings.defaults(Instance.current("borrowed")));
		return new Migrator(this.folder.source(), connections, settings, locks);
	}

	private static UnaryOperator<MigratorSettings> initSql(String sql) {
		return (settings) -> settings.withConnect(ConnectSettings.defaults().withInitSql(sql));
	}

	private static MigrationConnections borrowing(HikariDataSource pool) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return pool.getConnection();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
	}

	/**
	 * What a pool's connection is lent for.
	 */
	@FunctionalInterface
	private interface Action {

		void run() throws SQLException;

	}

}
