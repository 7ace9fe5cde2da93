package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.ConnectSettings;
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

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Locks that need a second connection, where the only connections are those of the
 * application's pool.
 */
class BorrowedLockTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);")
			.addWithoutTransaction("2_second.sql", "insert into first values (2);");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void poolOfTwoIsEnoughAndGetsBothBackAsTheyWere(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 2)) {
			Map<String, Map<String, String>> before = settings(pool);
			assertThat(migrator(pool, lock(server)).migrate().applied()).containsExactly("1", "2");
			assertUnchanged(pool, before, (server == TestServer.H2) ? 2 : 1);
			assertThat(holders(database)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void bothGoBackAsTheyWereAfterAFailedMigration(TestServer server) throws SQLException {
		this.folder.addWithoutTransaction("3_third.sql", "insert into first values (3);\nselekt 1;");
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 2)) {
			Map<String, Map<String, String>> before = settings(pool);
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrator(pool, lock(server)).migrate());
			assertUnchanged(pool, before, (server == TestServer.H2) ? 2 : 1);
			assertThat(holders(database)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void connectionOnWhichInitSqlWasExecutedIsReplaced(TestServer server) throws SQLException {
		String initSql = (server == TestServer.POSTGRES_EMBEDDED) ? "set app.own = 'mine'" : "set @own = 1";
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 2)) {
			Map<String, Map<String, String>> before = settings(pool);
			migrator(pool, (settings) -> lock(server).apply(settings)
				.withConnect(ConnectSettings.defaults().withInitSql(initSql))).migrate();
			assertUnchanged(pool, before, 0);
		}
	}

	@Test
	void pinnedLockIsHeldByTheSecondOne() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database);
				HikariDataSource pool = pgBouncer.through(database).pool(2)) {
			assertThat(migrator(pool, UnaryOperator.identity()).migrate().applied()).containsExactly("1", "2");
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			for (Map<String, String> settings : settings(pool).values()) {
				assertThat(settings).containsEntry("prepareThreshold (driver)", "5")
					.containsEntry("autocommit (driver)", "true")
					.containsEntry("network timeout (driver)", "0");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void poolOfOneIsToldAndNotWaitedForEndlessly(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 1)) {
			pool.setConnectionTimeout(120_000);
			assertThatExceptionOfType(DatabaseAccessException.class)
				.isThrownBy(() -> migrator(pool, lock(server)).migrate())
				.satisfies((failure) -> {
					assertThat(failure.getDescription())
						.startsWith("The lock needs a second connection beside the one that migrates, and the"
								+ " application's DataSource, from which no connection outside its pool can be derived,"
								+ " gave none: no connection was free within 10.");
					assertThat(failure.getAction())
						.startsWith("Let the application's pool have 2 connections or more"
								+ " (spring.datasource.hikari.maximum-pool-size")
						.contains("migrate.lock.strategy")
						.endsWith("migrate.connect-timeout waits longer.");
				});
			// The one that comes now, to nobody, is given back.
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
			assertThat(settings(pool)).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "H2" })
	void connectionIsWaitedForAsLongAsConnectTimeoutSays(TestServer server) throws Exception {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 2)) {
			pool.setConnectionTimeout(120_000);
			Connection other = pool.getConnection();
			Migrator migrator = migrator(pool, (settings) -> lock(server).apply(settings)
				.withConnect(ConnectSettings.defaults().withTimeout(PATIENCE)));
			CompletableFuture<?> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> run.isDone() || pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			other.close();
			assertThat(run).succeedsWithin(PATIENCE);
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "H2" })
	void stopEndsTheWaitForAConnection(TestServer server) throws Exception {
		try (TestDatabase database = server.create(); HikariDataSource pool = pool(database, 1)) {
			pool.setConnectionTimeout(120_000);
			Migrator migrator = migrator(pool, (settings) -> lock(server).apply(settings)
				.withConnect(ConnectSettings.defaults().withTimeout(PATIENCE)));
			CompletableFuture<?> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> run.isDone() || pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			long begin = System.nanoTime();
			assertThat(migrator.stop(Duration.ofSeconds(30))).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
			assertThat(run).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(InterruptedMigrationException.class);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
		}
	}

	@Test
	void leaseIsHeldAlthoughEveryOtherConnectionIsInUse() throws Exception {
		this.folder.addWithoutTransaction("3_slow.sql", "select pg_sleep(7);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				HikariDataSource pool = pool(database, 3);
				Connection other = pool.getConnection()) {
			Migrator migrator = migrator(pool,
					(settings) -> settings.withLock(settings.lock()
						.withStrategy(LockChoice.LEASE)
						.withLeaseDuration(Duration.ofSeconds(5))
						.withReportInterval(Duration.ofMillis(200))));
			assertThat(other.isClosed()).isFalse();
			assertThat(migrator.migrate().applied()).containsExactly("1", "2", "3");
		}
	}

	@Test
	void leaseIsRenewedOnAnotherConnectionIfTheServerEndsTheSecondOne() throws Exception {
		this.folder.addWithoutTransaction("3_ends.sql",
				"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
						+ " and pid <> pg_backend_pid() and backend_type = 'client backend';\nselect pg_sleep(7);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create(); HikariDataSource pool = pool(database, 2)) {
			Migrator migrator = migrator(pool, (settings) -> settings
				.withLock(settings.lock().withStrategy(LockChoice.LEASE).withLeaseDuration(Duration.ofSeconds(5))));
			assertThat(migrator.migrate().applied()).containsExactly("1", "2", "3");
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void singleConnectionThatEverybodyGetsIsNotTakenForTwo(TestServer server) {
		try (TestDatabase database = server.create()) {
			SingleConnectionDataSource one = new SingleConnectionDataSource(database.url(), database.user(),
					database.password(), true);
			assertThatExceptionOfType(DatabaseAccessException.class)
				.isThrownBy(() -> migrator(new DelegatingDataSource(one), lock(server)).migrate())
				.withMessageContaining("DataSource has a single one, which it gives to everybody");
			one.destroy();
		}
	}

	@Test
	void secondConnectionMustLeadWhereTheFirstOneDoes() {
		Thread caller = Thread.currentThread();
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				TestDatabase elsewhere = TestServer.POSTGRES_EMBEDDED.create()) {
			DataSource router = new DelegatingDataSource(database.dataSource()) {

				@Override
				public Connection getConnection() throws SQLException {
					return (Thread.currentThread() == caller) ? super.getConnection() : elsewhere.connect();
				}

			};
			assertThatExceptionOfType(ConnectionMismatchException.class)
				.isThrownBy(() -> migrator(router, lock(TestServer.POSTGRES_EMBEDDED)).migrate())
				.withMessageContaining("the second one for the lock to database " + elsewhere.name());
		}
	}

	private static UnaryOperator<MigratorSettings> lock(TestServer server) {
		LockChoice choice = (server == TestServer.H2) ? LockChoice.AUTO : LockChoice.LEASE;
		return (settings) -> settings.withLock(settings.lock().withStrategy(choice));
	}

	private static int holders(TestDatabase database) {
		String owner = (database.server() == TestServer.H2) ? "\"token\"" : "owner";
		return database.jdbc()
			.queryForList(
					"select 1 from " + database.quoted("schema_migrations_lock") + " where " + owner + " is not null")
			.size();
	}

	/**
	 * Return what each connection of a pool is set to, by the session's id.
	 */
	private static Map<String, Map<String, String>> settings(HikariDataSource pool) throws SQLException {
		Map<String, Map<String, String>> settings = new TreeMap<>();
		List<Connection> all = new ArrayList<>();
		try {
			for (int number = 0; number < pool.getMaximumPoolSize(); number++) {
				Connection connection = pool.getConnection();
				all.add(connection);
				Map<String, String> of = BorrowedSessionTests.settings(connection);
				// H2 counts there what it has written to the database's file.
				of.keySet().removeIf((name) -> name.startsWith("info."));
				settings.put(session(connection), of);
			}
		}
		finally {
			for (Connection connection : all) {
				connection.close();
			}
		}
		return settings;
	}

	private static String session(Connection connection) throws SQLException {
		String id = switch (connection.getMetaData().getDatabaseProductName()) {
			case "PostgreSQL" -> "pg_backend_pid()";
			case "H2" -> "session_id()";
			default -> "connection_id()";
		};
		try (var statement = connection.createStatement(); var row = statement.executeQuery("select " + id)) {
			row.next();
			return row.getString(1);
		}
	}

	/**
	 * Expect that the pool has all of its connections, set as before, and how many of
	 * them are the same.
	 */
	private static void assertUnchanged(HikariDataSource pool, Map<String, Map<String, String>> before, int same)
			throws SQLException {
		assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		Map<String, Map<String, String>> after = settings(pool);
		assertThat(after).hasSameSizeAs(before);
		assertThat(after.keySet().stream().filter(before::containsKey)).hasSize(same);
		Map<String, String> expected = before.values().iterator().next();
		for (Map<String, String> settings : after.values()) {
			assertThat(settings).containsExactlyInAnyOrderEntriesOf(expected);
		}
	}

	private static HikariDataSource pool(TestDatabase database, int size) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(database.url());
		configuration.setUsername(database.user());
		configuration.setPassword(database.password());
		configuration.setMaximumPoolSize(size);
		configuration.setConnectionTimeout(TimeUnit.SECONDS.toMillis(30));
		configuration.setAutoCommit(database.server() != TestServer.MARIADB);
		configuration.setConnectionInitSql(switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> "set app.tenant = 'a'; set lock_timeout = '12s'";
			case MYSQL, MARIADB -> "set @tenant = 'a', session lock_wait_timeout = 1234";
			default -> "set lock_timeout 1234";
		});
		return new HikariDataSource(configuration);
	}

	private Migrator migrator(DataSource dataSource, UnaryOperator<MigratorSettings> customizer) {
		MigrationConnections connections = new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return dataSource.getConnection();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
		return new Migrator(this.folder.source(), connections,
				customizer.apply(MigratorSettings.defaults(Instance.current("borrowed"))));
	}

}
