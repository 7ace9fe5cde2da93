package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The lock contract on PostgreSQL, and what only matters there.
 */
abstract class PostgresLockContractTests extends LockContractTests {

	PostgresLockContractTests(TestServer server) {
		super(server, "session");
	}

	@Override
	void loseLock(Contender holder) throws SQLException {
		Jdbc.execute(holder.connection, "select pg_advisory_unlock_all()");
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		try (Connection administrator = administrator()) {
			List<@Nullable String> row = Jdbc
				.row(administrator,
						"select state, backend_xmin, backend_xid, xact_start,"
								+ " (select count(*) from pg_locks l where l.pid = a.pid) from pg_stat_activity a"
								+ " where pid = ?",
						backend(contender))
				.orElseThrow();
			assertThat(row).containsExactly("idle", null, null, null, "0");
		}
	}

	private static int backend(Contender contender) throws SQLException {
		return Integer.parseInt(String.valueOf(Jdbc.value(contender.connection, "select pg_backend_pid()")));
	}

	@Test
	void createIndexConcurrentlyWorksWhileOthersWait() throws Exception {
		database().execute("create table t (id int)", "insert into t select generate_series(1, 1000)");
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		AtomicBoolean done = new AtomicBoolean();
		AtomicInteger asked = new AtomicInteger();
		ExecutorService executor = Executors.newCachedThreadPool();
		List<Future<?>> waiters = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			LockWaiter waiter = contender().waiter(Duration.ofSeconds(60));
			waiters.add(executor.submit(() -> waiter.await(() -> {
				asked.incrementAndGet();
				return done.get();
			}, (ignored) -> {
			})));
		}
		Awaitility.await().until(() -> asked.get() > 12);
		Jdbc.execute(holder.connection, "set statement_timeout = '10s'");
		Jdbc.execute(holder.connection, "create index concurrently a on t (id)");
		try (Connection other = administrator()) {
			Jdbc.execute(other, "set statement_timeout = '10s'");
			Jdbc.execute(other, "create index concurrently b on t (id)");
		}
		lock.verify();
		done.set(true);
		for (Future<?> waiter : waiters) {
			waiter.get(10, TimeUnit.SECONDS);
		}
		executor.shutdown();
	}

	@Test
	void whoeverListensIsWokenByTheReleaseAndHoldsNothing() throws Exception {
		MigrationLock lock = contender().tryAcquire().orElseThrow();
		List<Contender> waiters = List.of(contender(), contender());
		ExecutorService executor = Executors.newCachedThreadPool();
		List<Future<?>> pauses = new ArrayList<>();
		for (Contender waiter : waiters) {
			assertThat(waiter.tryAcquire()).isEmpty();
			assertThat(waiter.waking().listen()).isTrue();
			assertLeavesNothingBehind(waiter);
			pauses.add(executor.submit(() -> {
				waiter.waking().pause(Duration.ofMinutes(10), new StopSignal());
				return null;
			}));
		}
		assertThat(pauses).noneMatch(Future::isDone);
		lock.close();
		for (Future<?> pause : pauses) {
			pause.get(60, TimeUnit.SECONDS);
		}
		assertThat(waiters.get(0).tryAcquire()).isPresent();
		executor.shutdown();
	}

	@Test
	void pauseEndsWithoutARelease() throws Exception {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		assertThat(waiter.waking().listen()).isTrue();
		waiter.waking().pause(Duration.ofMillis(10), new StopSignal());
		assertThat(waiter.tryAcquire()).isEmpty();
	}

	@Test
	void sessionDoesNotListenAnyMoreAfterTheWait() throws Exception {
		Contender waiter = contender();
		assertThat(waiter.waking().listen()).isTrue();
		assertThat(Jdbc.value(waiter.connection, "select count(*) from pg_listening_channels()")).isEqualTo("1");
		waiter.strategy.close();
		assertThat(Jdbc.value(waiter.connection, "select count(*) from pg_listening_channels()")).isEqualTo("0");
	}

	@Test
	void isFreeWhenTheHoldersSessionIsTerminated() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Contender other = contender();
		LockHolder seen = other.strategy.holder().orElseThrow();
		assertThat(other.advice().howToEnd(seen)).isEqualTo("end its session with SELECT pg_terminate_backend(%d)",
				backend(holder));
		try (Connection administrator = administrator()) {
			Jdbc.execute(administrator, "select pg_terminate_backend(" + seen.session() + ")");
		}
		other.acquire().close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(lock::verify);
		lock.close();
	}

	@Test
	void runningStatementOfTheHolderIsShown() throws Exception {
		Contender holder = contender();
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

	@Test
	void askingWhetherItIsHeldLetsNobodyIn() throws Exception {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Contender other = contender();
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<Integer> tries = executor.submit(() -> {
			int count = 0;
			while (!done.get() || count == 0) {
				assertThat(other.tryAcquire()).isEmpty();
				count++;
			}
			return count;
		});
		for (int i = 0; i < 20; i++) {
			// Often enough in one statement that the two meet.
			assertThat(Jdbc.value(holder.connection,
					"select count(*) from generate_series(1, 5000) where " + lock.condition()))
				.isEqualTo("5000");
		}
		done.set(true);
		assertThat(tries.get(60, TimeUnit.SECONDS)).isPositive();
		executor.shutdown();
		lock.close();
		assertLeavesNothingBehind(holder);
		assertThat(other.tryAcquire()).isPresent();
	}

	@Test
	void isLostWhenAnotherHasTakenItInBetween() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		loseLock(holder);
		Contender other = contender();
		MigrationLock others = other.tryAcquire().orElseThrow();
		assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify);
		others.verify();
		lock.close();
		others.verify();
	}

	@Test
	void anotherRoleSeesPidAndLabel() throws SQLException {
		Contender holder = contender();
		holder.tryAcquire().orElseThrow();
		String user = database().createUserWithoutRights();
		try (Contender other = new Contender(database().url(), user, "secret", Contender.Options.DEFAULTS)) {
			assertThat(other.tryAcquire()).isEmpty();
			LockHolder seen = other.strategy.holder().orElseThrow();
			assertThat(seen).isEqualTo(
					new LockHolder(Integer.toString(backend(holder)), holder.request.instance().label(), null, null));
		}
	}

	@Test
	void theKeyIsTheSameInEveryRelease() {
		assertThat(new LockKey("table\norders\npublic\nschema_migrations").toLong()).isEqualTo(-58101834870415769L);
	}

}
