package io.github.migrateboot.test.lock;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a strategy which a user has written can pass the contract and be used, and
 * that the contract finds out those that break a promise.
 */
class OwnLockStrategyTests extends LockStrategyContract {

	private static EmbeddedPostgres server;

	private Function<LockRequest, LockStrategy> strategies = OwnLockStrategy::new;

	@BeforeAll
	static void start() {
		try {
			server = EmbeddedPostgres.start();
		}
		catch (IOException | RuntimeException ex) {
			String message = "Embedded PostgreSQL does not start here: " + ex;
			if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
				throw new AssertionError(message, ex);
			}
			throw new TestAbortedException(message, ex);
		}
	}

	@AfterAll
	static void stop() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	@Override
	protected Contestant enter(String table, @Nullable String name) throws SQLException {
		LockRequest request = request(OwnLockStrategyTests::connect, table, name);
		return new Contestant(request, this.strategies.apply(request));
	}

	@Override
	protected void takeAway(Contestant holder) throws SQLException {
		execute(holder, "select pg_advisory_unlock_all()");
	}

	@Override
	protected void verifyNothingLeftBehind(Contestant contestant) throws SQLException {
		assertThat(contestant.request().connection().getAutoCommit()).isTrue();
	}

	@Test
	void isUsedByAMigrator() {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("own"));
		Migrator migrator = new Migrator(new ResourceMigrationSource(List.of("classpath:db/migrations"), null),
				new Connections(), settings, (choice, request) -> new OwnLockStrategy(request));
		migrator.migrate();
		assertThat(migrator.status().lock()).isEqualTo("a lock of our own");
	}

	@Test
	void oneThatNeverSaysNoIsFoundOut() {
		this.strategies = (request) -> new OwnLockStrategy(request) {

			@Override
			public Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException {
				Optional<MigrationLock> lock = super.tryAcquire(patience);
				return lock.isPresent() ? lock : new OwnLockStrategy(other(request)).tryAcquire(patience);
			}

		};
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::isHeldByOneAndFreeAfterRelease);
	}

	@Test
	void oneThatDoesNotNoticeItsLossIsFoundOut() {
		this.strategies = (request) -> new OwnLockStrategy(request) {

			@Override
			String condition() {
				return "1 = 1";
			}

		};
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::lossIsFoundOut);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::lossIsFoundOutWhenAnotherHoldsTheLock);
	}

	@Test
	void oneThatDoesNotKnowItsNameIsFoundOut() {
		this.strategies = (request) -> new OwnLockStrategy(new LockRequest(request.server(), request.connection(),
				request.more(), request.table(), null, request.leaseDuration(), request.instance()));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::configuredNameReplacesTheTable);
	}

	@Test
	void oneThatLeavesATransactionBehindIsFoundOut() {
		this.strategies = (request) -> new OwnLockStrategy(request) {

			@Override
			public Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException {
				request.connection().setAutoCommit(false);
				return super.tryAcquire(patience);
			}

		};
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::failedTryLeavesNothingBehind);
	}

	private static LockRequest other(LockRequest request) {
		return new LockRequest(request.server(), request.connection(), request.more(), request.table(), "other",
				request.leaseDuration(), request.instance());
	}

	private static Connection connect() throws SQLException {
		return server.getPostgresDatabase().getConnection();
	}

	private static void execute(Contestant contestant, String sql) throws SQLException {
		try (Statement statement = contestant.request().connection().createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Connections to the server.
	 */
	private static final class Connections implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return connect();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.empty();
		}

	}

}
