package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.faults.FaultyProxy;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shutting down while the network lets nothing through, and tells nobody.
 */
class SilentNetworkTests {

	private static final Duration GRACE = Duration.ofSeconds(1);

	/** Two seconds more than that, on a busy machine. */
	private static final Duration SOON = Duration.ofMillis(4500);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("silence"))
					.withStatement(StatementSettings.defaults().withTimeout(Duration.ofMinutes(30))));
	}

	private static String endless(TestServer server) {
		return (server == TestServer.POSTGRES_EMBEDDED) ? "SELECT pg_sleep(600);\n" : "DO SLEEP(600);\n";
	}

	private static void awaitStatement(TestDatabase database) {
		String query = (database.server() == TestServer.POSTGRES_EMBEDDED)
				? "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
				: "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep' AND db = DATABASE()";
		Awaitility.await().atMost(PATIENCE).until(() -> database.jdbc().queryForObject(query, Integer.class) == 1);
	}

	private static Duration stop(Migrator migrator) {
		long begin = System.nanoTime();
		migrator.stop(GRACE);
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void stopReturnsInTimeWhileAStatementRuns(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\n" + endless(server));
		try (TestDatabase database = server.create(); FaultyProxy network = new FaultyProxy(database)) {
			Migrator migrator = migrator(network.through());
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
			awaitStatement(database);
			network.stall(true);
			assertThat(stop(migrator)).isLessThan(SOON);
			// Some drivers have to connect even to close a connection.
			assertThat(run).failsWithin(PATIENCE);
			assertThat(migrator.status().state()).isEqualTo(State.FAILED);
			network.stall(false);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void stopEndsTheFirstLook(TestServer server) {
		folder().add("1_a.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create();
				FaultyProxy network = new FaultyProxy(database);
				HikariDataSource pool = network.through().pool(1)) {
			Migrator migrator = new Migrator(folder().source(), new PooledConnections(pool),
					MigratorSettings.defaults(Instance.current("silence")));
			network.stall(true);
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 1);
			assertThat(stop(migrator)).isLessThan(SOON);
			if (server == TestServer.MARIADB) {
				// Its driver can't close a connection that waits for an answer.
				network.cut();
			}
			assertThat(run).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(InterruptedMigrationException.class)
				.withMessageContaining("application is shutting down");
			network.stall(false);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void processEndsSoonAfterSigterm(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", "CREATE TABLE t (a integer);\n" + endless(server));
		try (TestDatabase database = server.create();
				FaultyProxy network = new FaultyProxy(database);
				ChildJvm process = MigrateProcess.start(network.through(), folder(), "silence")) {
			awaitStatement(database);
			network.stall(true);
			long begin = System.nanoTime();
			process.terminate();
			process.awaitExit(PATIENCE);
			// Its statement may go on for two seconds.
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON.plusSeconds(1));
			network.stall(false);
		}
	}

	/**
	 * Connections of a pool.
	 *
	 * @param pool the pool
	 */
	private record PooledConnections(HikariDataSource pool) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return this.pool.getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.empty();
		}

	}

}
