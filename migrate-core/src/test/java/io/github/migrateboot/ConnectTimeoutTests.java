package io.github.migrateboot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code migrate.connect-timeout}. None of them may last as long as the longest
 * of the timeouts.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConnectTimeoutTests {

	private static final Duration LONG = Duration.ofHours(1);

	@TempDir
	private Path path;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		new MigrationFolder(this.path).add("1_first.sql", "create table first (id int);");
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void goesOnOnceTheDatabaseIsUp(CapturedOutput output) throws Exception {
		AtomicInteger attempts = new AtomicInteger();
		TestDatabase down = this.database.at(deadUrl());
		MigrationConnections connections = new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return connections().borrow();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				return connections().open(driverProperties);
			}

			private MigrationConnections connections() {
				boolean up = attempts.incrementAndGet() > 3;
				return (up ? ConnectTimeoutTests.this.database : down).connections();
			}

		};
		assertThat(migrator(connections, LONG).migrate().applied()).containsExactly("1");
		assertThat(output).contains("Waiting for the database for 35").contains("Connection to localhost");
	}

	@Test
	void saysAfterTheTimeoutThatTheDatabaseWasNotReady() throws Exception {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(deadUrl());
			pool.setUsername(this.database.user());
			MigrationConnections connections = borrowing(pool);
			assertThatExceptionOfType(DatabaseAccessException.class)
				.isThrownBy(() -> migrator(connections, Duration.ofSeconds(1)).migrate())
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).startsWith(
							"The database was not ready within 1 s (migrate.connect-timeout). The database could"
									+ " not be used while looking for pending migrations:");
					assertThat(failure.getAction()).startsWith("See whether the database is up");
				});
		}
	}

	@Test
	void doesNotWaitUnlessTold() throws Exception {
		assertThatExceptionOfType(DatabaseAccessException.class)
			.isThrownBy(() -> migrator(this.database.at(deadUrl()).connections(), Duration.ZERO).migrate())
			.withMessageNotContaining("connect-timeout");
	}

	@Test
	void waitsUntilTheServerCanBeWrittenTo(CapturedOutput output) throws Exception {
		readOnly(true);
		CompletableFuture<MigrationReport> run = CompletableFuture
			.supplyAsync(() -> migrator(this.database.connections(), LONG).migrate());
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> output.getOut().contains("PostgreSQL refuses to write: default_transaction_read_only"));
		assertThat(run).isNotDone();
		readOnly(false);
		assertThat(run.get(60, TimeUnit.SECONDS).applied()).containsExactly("1");
	}

	@Test
	void saysAfterTheTimeoutThatTheServerCouldNotBeWrittenTo() {
		readOnly(true);
		assertThatExceptionOfType(DatabaseAccessException.class)
			.isThrownBy(() -> migrator(this.database.connections(), Duration.ofMillis(300)).migrate())
			.withCauseInstanceOf(ReadOnlyDatabaseException.class)
			.withMessageContaining("default_transaction_read_only is on");
		readOnly(false);
	}

	@Test
	void needsNoWritableServerWhenNothingIsPending(CapturedOutput output) {
		migrator(this.database.connections(), LONG).migrate();
		readOnly(true);
		assertThat(migrator(this.database.connections(), LONG).migrate().alreadyApplied()).isEqualTo(1);
		readOnly(false);
		assertThat(output).doesNotContain("Waiting for the database");
	}

	@Test
	void doesNotWaitForAUserThatTheServerRefuses() {
		TestDatabase stranger = this.database.as("nobody_" + this.database.name(), "x");
		assertThatExceptionOfType(DatabaseAccessException.class)
			.isThrownBy(() -> migrator(stranger.connections(), LONG).migrate())
			.withMessageContaining("SQLSTATE 28");
	}

	@Test
	void doesNotBeginAgainWhenTheConnectionIsLostWhileMigrating() {
		new MigrationFolder(this.path).add("2_end.sql", "select pg_terminate_backend(pg_backend_pid());");
		assertThatExceptionOfType(MigrationException.class)
			.isThrownBy(() -> migrator(this.database.connections(), LONG).migrate())
			.withMessageNotContaining("connect-timeout");
		assertThat(this.database.versions()).containsExactly("1");
	}

	@Test
	void endsTheWaitWhenInterrupted() throws Exception {
		MigrationConnections down = this.database.at(deadUrl()).connections();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				migrator(down, LONG).migrate();
			}
			catch (Throwable ex) {
				failure.complete(ex);
			}
		});
		thread.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		thread.interrupt();
		assertThat(failure.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedMigrationException.class);
	}

	private void readOnly(boolean on) {
		this.database.execute("begin read write; alter database " + this.database.name()
				+ " set default_transaction_read_only = " + (on ? "on" : "off") + "; commit");
	}

	/**
	 * Return the database's URL with a port that nobody listens on.
	 */
	private String deadUrl() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return this.database.url().replaceFirst("//[^/]+/", "//localhost:" + socket.getLocalPort() + "/");
		}
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

	private Migrator migrator(MigrationConnections connections, Duration timeout) {
		return new Migrator(new MigrationFolder(this.path).source(), connections,
				MigratorSettings.defaults(Instance.current("late"))
					.withConnect(ConnectSettings.defaults().withTimeout(timeout)));
	}

}
