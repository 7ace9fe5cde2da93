package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HistoryBusyException;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Databases that can be reached and don't answer.
 */
@ExtendWith(OutputCaptureExtension.class)
class SilentDatabaseTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private CompletableFuture<MigrationReport> start(TestDatabase database, Duration timeout) {
		return start(database.connections(), timeout);
	}

	private CompletableFuture<MigrationReport> start(MigrationConnections connections, Duration timeout) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_t.sql", "CREATE TABLE t (a integer);");
		Migrator migrator = new Migrator(folder.source(), connections,
				MigratorSettings.defaults(Instance.current("silence"))
					.withLock(LockSettings.defaults().withTimeout(timeout).withReportInterval(Duration.ofMillis(300))));
		return CompletableFuture.supplyAsync(migrator::migrate);
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Test
	void poolerWithoutAConnectionLeftIsToldAndLimited(CapturedOutput output) throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database, "default_pool_size = 1");
				TestDatabase pooled = pgBouncer.through(database);
				Connection one = pooled.connect();
				Connection two = pooled.connect();
				Connection other = pooled.connect()) {
			other.setAutoCommit(false);
			execute(other, "SELECT 1");
			assertThat(start(new FirstThen(one, pooled.connections()), Duration.ofSeconds(2))).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(HistoryBusyException.class)
				.withMessageContaining("could not be read within")
				.withMessageContaining("(migrate.lock.timeout)")
				.withMessageContaining("SHOW POOLS");
			assertThat(output).contains("Waiting for an answer of the database for 0.");
			CompletableFuture<MigrationReport> run = start(new FirstThen(two, pooled.connections()), PATIENCE);
			Awaitility.await().atMost(PATIENCE).until(() -> output.getOut().contains("for 2."));
			other.rollback();
			assertThat(run).succeedsWithin(PATIENCE);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	/**
	 * Connections of an application that has one already.
	 *
	 * @param first the first one
	 * @param others those after it
	 */
	private record FirstThen(Connection first, MigrationConnections others) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return this.first.isClosed() ? this.others.borrow() : this.first;
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return this.others.open(driverProperties);
		}

	}

}
