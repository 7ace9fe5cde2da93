package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HistoryBusyException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A start whose history can't be read because somebody else writes or has locked it waits
 * for that.
 */
@ExtendWith(OutputCaptureExtension.class)
class BusyHistoryTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	@TempDir
	private Path path;

	private Migrator migrator(TestDatabase database, Duration timeout, Mode mode) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("busy")).withMode(mode);
		return new Migrator(new MigrationFolder(this.path).source(), database.connections(),
				settings.withLock(settings.lock().withTimeout(timeout).withReportInterval(SHORT)));
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, Duration.ofMinutes(2), Mode.APPLY);
	}

	/**
	 * A session that keeps everybody from reading the history until it is closed.
	 */
	private static Connection lock(TestDatabase database) throws SQLException {
		Connection connection = database.connect();
		Statement statement = connection.createStatement();
		switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> {
				connection.setAutoCommit(false);
				statement.execute("LOCK TABLE schema_migrations");
			}
			case MARIADB, MYSQL -> statement.execute("LOCK TABLES schema_migrations WRITE");
			case SQLITE -> {
				// what a commit does that is larger than the cache
				statement.execute("PRAGMA locking_mode = EXCLUSIVE");
				statement.execute("BEGIN EXCLUSIVE");
			}
			case H2 -> throw new UnsupportedOperationException("See the tests for H2");
		}
		return connection;
	}

	private void add(int number) {
		new MigrationFolder(this.path).add(number + "_table.sql", "CREATE TABLE t" + number + " (a integer);");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void startWithNothingToDoWaitsAndSaysForWhat(TestServer server, CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			for (Mode mode : new Mode[] { Mode.APPLY, Mode.VALIDATE, Mode.WAIT }) {
				Connection keeper = lock(database);
				int said = output.getAll().length();
				CompletableFuture<MigrationReport> start = CompletableFuture
					.supplyAsync(() -> migrator(database, Duration.ofMinutes(2), mode).migrate());
				await().atMost(Duration.ofSeconds(20))
					.until(() -> output.getAll().substring(said).contains("Waiting for the history table"));
				assertThat(start).isNotDone();
				keeper.close();
				assertThat(start.get(30, TimeUnit.SECONDS).applied()).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void startWithSomethingToDoWaits(TestServer server, CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			add(2);
			Connection keeper = lock(database);
			CompletableFuture<MigrationReport> start = CompletableFuture.supplyAsync(migrator(database)::migrate);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> output.getAll().contains("Waiting for the history table"));
			keeper.close();
			assertThat(start.get(90, TimeUnit.SECONDS).applied()).containsExactly("2");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void waitsForTheLockTimeoutAtMost(TestServer server) throws Exception {
		add(1);
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			Connection keeper = lock(database);
			Instant before = Instant.now();
			assertThatExceptionOfType(HistoryBusyException.class)
				.isThrownBy(migrator(database, Duration.ofSeconds(4), Mode.APPLY)::migrate)
				.withMessageContaining("schema_migrations could not be read within")
				.withMessageContaining("migrate.lock.timeout");
			assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofSeconds(3),
					Duration.ofSeconds(15));
			keeper.close();
			assertThat(migrator(database).migrate().applied()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void shutdownEndsTheWait(TestServer server, CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			Connection keeper = lock(database);
			Migrator migrator = migrator(database);
			CompletableFuture<MigrationReport> start = CompletableFuture.supplyAsync(migrator::migrate);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> output.getAll().contains("Waiting for the history table"));
			migrator.stop(Duration.ofSeconds(8));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> start.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(InterruptedMigrationException.class);
			keeper.close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void listOfMigrationsDoesNotWaitForLong(TestServer server) throws Exception {
		add(1);
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			Connection keeper = lock(database);
			Instant before = Instant.now();
			assertThatExceptionOfType(HistoryBusyException.class).isThrownBy(migrator::migrations)
				.withMessageContaining("another session");
			assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(6));
			keeper.close();
			assertThat(migrator.migrations()).hasSize(1);
		}
	}

	@Test
	void waitsForAnExclusiveSessionOfH2(CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = TestServer.H2.create();
				Connection application = database.connect();
				Connection keeper = database.connect();
				Statement statement = keeper.createStatement()) {
			migrator(database).migrate();
			MigratorSettings settings = MigratorSettings.defaults(Instance.current("busy"));
			Migrator migrator = new Migrator(new MigrationFolder(this.path).source(), borrowing(application),
					settings.withLock(settings.lock().withReportInterval(SHORT)));
			statement.execute("SET EXCLUSIVE 1");
			CompletableFuture<MigrationReport> start = CompletableFuture.supplyAsync(migrator::migrate);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> output.getAll().contains("Waiting for the history table"));
			statement.execute("SET EXCLUSIVE FALSE");
			assertThat(start.get(30, TimeUnit.SECONDS).applied()).isEmpty();
		}
	}

	private static MigrationConnections borrowing(Connection application) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() {
				return application;
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
	}

	@Test
	void waitsAlsoIfTheRoleHasALimit(CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(database).migrate();
			for (String limit : new String[] { "lock_timeout", "statement_timeout" }) {
				Connection keeper = lock(database);
				int said = output.getAll().length();
				TestDatabase limited = database.at(database.url() + (database.url().contains("?") ? "&" : "?")
						+ "options=-c%20" + limit + "=100ms");
				CompletableFuture<MigrationReport> start = CompletableFuture.supplyAsync(migrator(limited)::migrate);
				await().atMost(Duration.ofSeconds(20))
					.until(() -> output.getAll().substring(said).contains("Waiting for the history table"));
				keeper.close();
				assertThat(start.get(30, TimeUnit.SECONDS).applied()).isEmpty();
			}
		}
	}

	/**
	 * SQLite itself gives up long before, here at once.
	 */
	@Test
	void waitsAlsoIfSqliteDoesNot(CapturedOutput output) throws Exception {
		add(1);
		try (TestDatabase database = TestServer.SQLITE.create()) {
			migrator(database).migrate();
			Connection keeper = lock(database);
			int said = output.getAll().length();
			TestDatabase impatient = database.at(database.url() + "?busy_timeout=0");
			CompletableFuture<MigrationReport> start = CompletableFuture.supplyAsync(migrator(impatient)::migrate);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> start.isDone()
						|| output.getAll().substring(said).contains("Waiting for the history table"));
			assertThat(start).isNotDone();
			keeper.close();
			assertThat(start.get(30, TimeUnit.SECONDS).applied()).isEmpty();
		}
	}

	/**
	 * Others hold the lock and somebody the table: the waiter still hears the signal.
	 */
	@Test
	void waiterForTheLockIsNotHeldUpByTheTable() throws Exception {
		add(1);
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				Connection gate = database.connect();
				Statement statement = gate.createStatement()) {
			migrator(database).migrate();
			database.execute("CREATE TABLE gate (a integer)");
			new MigrationFolder(this.path).add("2_gate.sql", "LOCK TABLE gate IN SHARE MODE;");
			gate.setAutoCommit(false);
			statement.execute("LOCK TABLE gate");
			Migrator holder = migrator(database);
			CompletableFuture<MigrationReport> first = CompletableFuture.supplyAsync(holder::migrate);
			await().until(() -> database.jdbc()
				.queryForObject("SELECT count(*) FROM pg_locks WHERE relation = 'gate'::regclass", Integer.class) == 2);
			Migrator waiter = migrator(database);
			CompletableFuture<MigrationReport> second = CompletableFuture.supplyAsync(waiter::migrate);
			await().until(() -> waiter.status().holder() != null);
			try (Connection keeper = database.connect(Map.of("options", "-c lock_timeout=60s"))) {
				keeper.setAutoCommit(false);
				CompletableFuture<Void> queued = CompletableFuture.runAsync(() -> {
					execute(keeper, "LOCK TABLE schema_migrations");
					execute(keeper, "ROLLBACK");
				});
				await().until(() -> database.jdbc()
					.queryForObject("SELECT count(*) FROM pg_locks WHERE relation = 'schema_migrations'::regclass"
							+ " AND mode = 'AccessExclusiveLock'", Integer.class) == 1);
				waiter.stop(Duration.ofSeconds(5));
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> second.get(10, TimeUnit.SECONDS))
					.withCauseInstanceOf(InterruptedMigrationException.class);
				gate.commit();
				assertThat(first.get(30, TimeUnit.SECONDS).applied()).containsExactly("2");
				queued.get(30, TimeUnit.SECONDS);
			}
		}
	}

	private static void execute(Connection connection, String sql) {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
