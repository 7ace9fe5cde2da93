package io.github.migrateboot.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pooler that has no connection to the server left when the lock is to be taken,
 * because another client keeps the only one in a transaction.
 */
@ExtendWith(OutputCaptureExtension.class)
class FullPoolerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TOLD = "the connection pooler has had no connection to the server for us for ";

	private final StopSignal signal = new StopSignal();

	@TempDir
	private Path path;

	private TestDatabase database;

	private PgBouncer pgBouncer;

	private TestDatabase pooled;

	private Connection other;

	private Contender contender;

	@BeforeEach
	void fill() throws SQLException {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.pgBouncer = PgBouncer.start(this.database, "default_pool_size = 1");
		this.pooled = this.pgBouncer.through(this.database);
		this.other = this.pooled.connect();
		this.contender = Contender.on(this.pooled);
		keepTheOnlyOne();
	}

	private void keepTheOnlyOne() throws SQLException {
		this.other.setAutoCommit(false);
		try (Statement statement = this.other.createStatement()) {
			statement.execute("select 1");
		}
	}

	@AfterEach
	void close() throws SQLException {
		this.contender.close();
		this.other.close();
		this.pooled.close();
		this.pgBouncer.close();
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void isToldAndLimited(boolean transaction, CapturedOutput output) {
		assertThat(acquire(transaction, Duration.ofSeconds(2))).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(DatabaseAccessException.class)
			.withMessageContaining("The connection pooler had no connection to the server for us within 2.")
			.withMessageContaining("(migrate.lock.timeout)")
			.withMessageContaining("SHOW POOLS");
		assertThat(output).contains("Waiting for the migration lock for 0.").contains(TOLD);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void shutdownEndsTheWaitAtOnce(boolean transaction, CapturedOutput output) {
		CompletableFuture<?> lock = acquire(transaction, PATIENCE);
		Awaitility.await().atMost(PATIENCE).until(() -> output.getOut().contains(TOLD) || lock.isDone());
		long begin = System.nanoTime();
		this.signal.stop();
		assertThat(lock).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(InterruptedMigrationException.class)
			.withMessageContaining("Waiting for the migration lock ended after");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void isWaitedForUntilItHasOneAgain(CapturedOutput output) throws Exception {
		CompletableFuture<Optional<MigrationLock>> lock = acquire(true, PATIENCE);
		Awaitility.await().atMost(PATIENCE).until(() -> output.getOut().contains(TOLD) || lock.isDone());
		assertThat(lock).isNotDone();
		this.other.rollback();
		assertThat(lock).succeedsWithin(PATIENCE);
		lock.get().orElseThrow().close();
	}

	@Test
	void runSaysItWhileItReadsTheHistory(CapturedOutput output) throws SQLException {
		this.other.rollback();
		MigrationFolder folder = new MigrationFolder(this.path).add("1_first.sql", "create table first (id int);");
		LockSettings lock = LockSettings.defaults().withReportInterval(Duration.ofMillis(200));
		Migrator migrator = new Migrator(folder.source(), this.pooled.connections(),
				MigratorSettings.defaults(Instance.current("full")).withLock(lock), (choice, request) -> {
					keepTheOnlyOne();
					return LockStrategies.choose(choice, request);
				});
		CompletableFuture<?> run = CompletableFuture.supplyAsync(migrator::migrate);
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> output.getOut().contains("the connection pooler has ") || run.isDone());
		assertThat(migrator.stop(Duration.ofSeconds(30))).isTrue();
		assertThat(run).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(InterruptedMigrationException.class);
	}

	private CompletableFuture<Optional<MigrationLock>> acquire(boolean transaction, Duration timeout) {
		PostgresPinnedLock pinned = new PostgresPinnedLock(this.contender.request(this::connect));
		LockStrategy strategy = transaction ? pinned.ofTransaction(List.of()) : pinned;
		LockWaiter waiter = new LockWaiter(strategy, timeout, Duration.ofMillis(5), Duration.ofMillis(300),
				this.signal);
		return CompletableFuture.supplyAsync(() -> await(waiter));
	}

	/**
	 * Connect as a run does, without asking anything.
	 */
	private Connection connect() throws SQLException {
		return this.pooled.connect(this.contender.request(this::connect)
			.server()
			.database()
			.sessions()
			.driverProperties(Instance.current("full"), "PostgreSQL JDBC Driver"));
	}

	private static Optional<MigrationLock> await(LockWaiter waiter) {
		try {
			return waiter.await(() -> false, (holder) -> {
			});
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
