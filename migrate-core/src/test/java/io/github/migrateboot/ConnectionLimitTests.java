package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for users who may have no more connections than the application uses.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitTests {

	private static final int LIMIT = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void migratesWithOneOfThePoolsConnections(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create(); TestDatabase limited = limited(database)) {
			// For which monitors would like to have connections too.
			this.folder.addWithoutTransaction("2_slow.sql",
					(server == TestServer.POSTGRES_EMBEDDED) ? "select pg_sleep(1);" : "do sleep(1);");
			HikariDataSource pool = fullPool(limited);
			UnaryOperator<LockSettings> often = (lock) -> lock.withReportInterval(Duration.ofMillis(200));
			assertThat(migrator(limited, pool, often, Duration.ZERO).migrate().applied()).containsExactly("1", "2");
			assertThat(output).contains("The database refuses a connection beside the application's");
			// The pool has all of its connections again.
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getIdleConnections() == LIMIT);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void lockThatNeedsASecondConnectionGetsOneOfThePoolsToo(TestServer server) {
		try (TestDatabase database = server.create(); TestDatabase limited = limited(database)) {
			HikariDataSource pool = fullPool(limited);
			UnaryOperator<LockSettings> lease = (lock) -> lock.withStrategy(LockChoice.LEASE);
			assertThat(migrator(limited, pool, lease, Duration.ZERO).migrate().applied()).containsExactly("1");
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getIdleConnections() == LIMIT);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void lockThatNeedsASecondConnectionSaysSo(TestServer server) throws SQLException {
		try (TestDatabase database = server.create();
				TestDatabase limited = limited(database);
				HikariDataSource pool = fullPool(limited);
				Connection one = pool.getConnection();
				Connection two = pool.getConnection()) {
			UnaryOperator<LockSettings> lease = (lock) -> lock.withStrategy(LockChoice.LEASE);
			assertThat(one).isNotSameAs(two);
			assertThatExceptionOfType(DatabaseAccessException.class)
				.isThrownBy(() -> migrator(limited, pool, lease, Duration.ZERO).migrate())
				.satisfies((failure) -> {
					assertThat(failure.getDescription())
						.startsWith("The lock needs a second connection beside the one that migrates, and the database"
								+ " refuses it: ")
						.contains((server == TestServer.POSTGRES_EMBEDDED) ? "53300" : "1226")
						.contains("The application's DataSource gave none of its own either: ");
					assertThat(failure.getAction()).contains("a connection more").contains("migrate.connect-timeout");
				});
			assertThat(database.jdbc()
				.queryForList("select owner from schema_migrations_lock where owner is not null", String.class))
				.isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void connectionIsWaitedFor(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = server.create(); TestDatabase limited = limited(database)) {
			Connection[] all = { limited.connect(), limited.connect(), limited.connect() };
			CompletableFuture<?> waiting = CompletableFuture.supplyAsync(() -> new Migrator(this.folder.source(),
					limited.connections(), settings(UnaryOperator.identity(), PATIENCE))
				.migrate());
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> output.getOut().contains("Waiting for the database for") || waiting.isDone());
			assertThat(output).contains("refused a connection").contains("for which a run needs one beside");
			all[0].close();
			waiting.get(60, TimeUnit.SECONDS);
			assertThat(database.versions()).containsExactly("1");
			all[1].close();
			all[2].close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void secondConnectionForTheLockIsWaitedFor(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = server.create(); TestDatabase limited = limited(database)) {
			Connection[] others = { limited.connect(), limited.connect() };
			UnaryOperator<LockSettings> lease = (lock) -> lock.withStrategy(LockChoice.LEASE);
			CompletableFuture<?> waiting = CompletableFuture
				.supplyAsync(() -> new Migrator(this.folder.source(), limited.connections(), settings(lease, PATIENCE))
					.migrate());
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> output.getOut().contains("connecting again") || waiting.isDone());
			assertThat(output).contains("The lock needs a second connection");
			others[0].close();
			waiting.get(60, TimeUnit.SECONDS);
			assertThat(database.versions()).containsExactly("1");
			others[1].close();
		}
	}

	private Migrator migrator(TestDatabase limited, HikariDataSource pool, UnaryOperator<LockSettings> lock,
			Duration connectTimeout) {
		MigrationConnections connections = new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return pool.getConnection();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				return limited.connections().open(driverProperties);
			}

		};
		return new Migrator(this.folder.source(), connections, settings(lock, connectTimeout));
	}

	private static MigratorSettings settings(UnaryOperator<LockSettings> lock, Duration connectTimeout) {
		return MigratorSettings.defaults(Instance.current("limited"))
			.withLock(lock.apply(LockSettings.defaults()))
			.withConnect(ConnectSettings.defaults().withTimeout(connectTimeout));
	}

	private static HikariDataSource fullPool(TestDatabase limited) {
		HikariDataSource pool = limited.pool(LIMIT);
		Awaitility.await().atMost(PATIENCE).until(() -> {
			pool.getConnection().close();
			return pool.getHikariPoolMXBean().getTotalConnections() == LIMIT;
		});
		return pool;
	}

	/**
	 * Return the database as a user sees it who may do everything in it, with few
	 * connections.
	 */
	private static TestDatabase limited(TestDatabase database) {
		String user = database.createUserWithoutRights();
		switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> database.execute("alter role " + user + " connection limit " + LIMIT,
					"grant create on schema public to " + user);
			default -> database.execute("alter user " + user + "@'%' with max_user_connections " + LIMIT,
					"grant all on " + database.name() + ".* to " + user + "@'%'");
		}
		return database.as(user, "secret");
	}

}
