package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PostgresPinnedLock} and {@link PostgresTransactionLock} behind a real
 * PgBouncer in transaction mode; skipped where there is none.
 */
class PostgresPinnedLockTests extends LockContractTests {

	private @Nullable PgBouncer pgBouncer;

	PostgresPinnedLockTests() {
		super(TestServer.POSTGRES_EMBEDDED, "pinned");
	}

	@AfterEach
	void stopPgBouncer() {
		if (this.pgBouncer != null) {
			this.pgBouncer.close();
		}
	}

	@Override
	TestDatabase client(TestDatabase database) {
		if (this.pgBouncer == null) {
			this.pgBouncer = PgBouncer.start(database);
		}
		return this.pgBouncer.through(database);
	}

	/**
	 * End the transaction that holds the lock; the migrating connection lives on.
	 */
	@Override
	void loseLock(Contender holder) throws SQLException {
		LockHolder seen = holder.strategy.holder().orElseThrow();
		try (Connection administrator = administrator()) {
			Jdbc.execute(administrator, "select pg_terminate_backend(" + seen.session() + ")");
			Awaitility.await()
				.until(() -> Jdbc.row(administrator, "select 1 from pg_stat_activity where pid = " + seen.session())
					.isEmpty());
		}
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		// Which session of the server it was is not known, so all of them are looked at:
		// but for the holder's pinned one.
		try (Connection administrator = administrator()) {
			Awaitility.await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> {
				List<@Nullable String> row = Jdbc
					.row(administrator,
							"select count(*), count(a.backend_xmin), max(a.state) from pg_stat_activity a"
									+ " where a.datname = current_database() and a.pid <> pg_backend_pid()"
									+ " and a.state <> 'idle'")
					.orElseThrow();
				assertThat(row).containsExactly("1", "0", "idle in transaction");
			});
		}
	}

	@Test
	void directAndPooledInstancesExcludeEachOther() throws SQLException {
		Contender pooled = contender();
		Contender direct = Contender.on(database());
		assertThat(direct.strategy.name()).isEqualTo("session");
		try (direct) {
			MigrationLock lock = direct.tryAcquire().orElseThrow();
			assertThat(pooled.tryAcquire()).isEmpty();
			assertThat(transaction(pooled).tryAcquire(Duration.ZERO)).isEmpty();
			assertThat(pooled.strategy.holder().orElseThrow().instance()).isEqualTo(visibleLabel(direct));
			lock.close();
			try (MigrationLock pinned = pooled.tryAcquire().orElseThrow()) {
				assertThat(direct.tryAcquire()).isEmpty();
				pinned.verify();
			}
			try (MigrationLock ofTransaction = transaction(pooled).tryAcquire(Duration.ZERO).orElseThrow()) {
				assertThat(direct.tryAcquire()).isEmpty();
				ofTransaction.verify();
			}
			direct.tryAcquire().orElseThrow().close();
		}
	}

	@Test
	void lockOfATransactionEndsWithIt() throws SQLException {
		Contender one = contender();
		Contender other = contender();
		for (boolean commit : new boolean[] { true, false }) {
			TransactionLock transaction = transaction(one);
			transaction.tryAcquire(Duration.ZERO).orElseThrow();
			assertThat(one.connection.getAutoCommit()).isFalse();
			assertThat(Jdbc.isTrue(one.connection, transaction.condition())).isTrue();
			assertThat(Jdbc.isTrue(other.connection, transaction.condition())).isFalse();
			assertThat(transaction(other).tryAcquire(Duration.ZERO)).isEmpty();
			assertThat(other.connection.getAutoCommit()).isTrue();
			assertThat(other.tryAcquire()).isEmpty();
			if (commit) {
				one.connection.commit();
			}
			else {
				one.connection.rollback();
			}
			one.connection.setAutoCommit(true);
			other.tryAcquire().orElseThrow().close();
		}
	}

	@Test
	void failedTryOfATransactionLeavesNothingBehind() throws SQLException {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		for (int i = 0; i < 3; i++) {
			assertThat(transaction(waiter).tryAcquire(Duration.ZERO)).isEmpty();
			assertLeavesNothingBehind(waiter);
		}
	}

	@Test
	void isNotMistakenForTheLockOfALaterTransactionInTheSameSession() throws SQLException {
		Contender contender = contender();
		MigrationLock lock = contender.tryAcquire().orElseThrow();
		String condition = lock.condition();
		String session = contender.strategy.holder().orElseThrow().session();
		lock.close();
		MigrationLock later = contender.tryAcquire().orElseThrow();
		assertThat(contender.strategy.holder().orElseThrow().session()).isEqualTo(session);
		assertThat(Jdbc.isTrue(contender.connection, condition)).isFalse();
		assertThat(holds(contender, later)).isTrue();
	}

	@Test
	void createIndexConcurrentlyDoesNotWaitForTheHolder() throws SQLException {
		database().execute("create table t (id int)", "insert into t select generate_series(1, 1000)");
		Contender holder = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow(); Connection other = administrator()) {
			Jdbc.execute(other, "set statement_timeout = '10s'");
			Jdbc.execute(other, "create index concurrently a on t (id)");
			Jdbc.execute(holder.connection, "create index concurrently b on t (id)");
			lock.verify();
		}
	}

	@Test
	void holderOutlivesTheServersLimitOnIdleTransactions() throws SQLException {
		database().execute("alter database " + database().name() + " set idle_in_transaction_session_timeout = '2s'");
		Contender holder = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			Jdbc.execute(holder.connection, "select pg_sleep(6)");
			lock.verify();
		}
	}

	@Test
	void holderOutlivesThePoolersLimitOnIdleTransactions() throws SQLException {
		this.pgBouncer = PgBouncer.start(database(), "idle_transaction_timeout = 8");
		Contender holder = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			Jdbc.execute(holder.connection, "select pg_sleep(12)");
			lock.verify();
		}
	}

	@Test
	void saysSoWhenThePoolerHasOneConnectionOnly() {
		this.pgBouncer = PgBouncer.start(database(), "default_pool_size = 1");
		Contender contender = contender();
		assertThatExceptionOfType(DatabaseAccessException.class)
			.isThrownBy(
					() -> new PostgresPinnedLock(contender.request, Duration.ofSeconds(2)).tryAcquire(Duration.ZERO))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("no second connection to the server within 2 s",
						"transaction:false");
				assertThat(ex.getAction()).contains("2 or more", "pool_size");
			});
		try (Contender other = contender()) {
			// What gave up left nothing behind.
			transaction(other).tryAcquire(Duration.ZERO).orElseThrow().close();
		}
		catch (SQLException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void runningStatementOfTheHolderIsShown() throws Exception {
		Contender holder = contender(Contender.Options.DEFAULTS.withApplication("billing"));
		holder.tryAcquire().orElseThrow();
		Contender waiter = contender();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<?> running = executor.submit(() -> {
			Jdbc.execute(holder.connection, "select pg_sleep(2)");
			return null;
		});
		Awaitility.await().until(() -> "select pg_sleep(2)".equals(waiter.strategy.holder().orElseThrow().statement()));
		running.get(10, TimeUnit.SECONDS);
		executor.shutdown();
	}

	private static TransactionLock transaction(Contender contender) {
		return ((PerTransactionStrategy) contender.strategy).ofTransaction(List.of());
	}

}
