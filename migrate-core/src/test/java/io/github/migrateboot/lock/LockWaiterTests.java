package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockTimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LockWaiter}; what it does with real locks is in
 * {@link LockContractTests}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LockWaiterTests {

	private final TakenLock taken = new TakenLock();

	private LockWaiter waiter(Duration timeout, Duration pollInterval, Duration reportInterval) {
		return new LockWaiter(this.taken, timeout, pollInterval, reportInterval, new StopSignal());
	}

	@Test
	void asksWhetherAnythingIsPendingBeforeEveryTryButTheFirst() throws SQLException {
		AtomicInteger asked = new AtomicInteger();
		List<Integer> triesWhenAsked = new ArrayList<>();
		assertThat(waiter(Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofSeconds(20)).await(() -> {
			triesWhenAsked.add(this.taken.patience.size());
			return asked.incrementAndGet() == 4;
		}, (ignored) -> {
		})).isEmpty();
		assertThat(triesWhenAsked).containsExactly(1, 2, 3, 4);
	}

	@Test
	void asksAtLeastOnceASecondWhateverTheFirstInterval() throws SQLException {
		long start = System.nanoTime();
		waiter(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60)).await(() -> true, (ignored) -> {
		});
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(400),
				Duration.ofSeconds(3));
	}

	@Test
	void pausesGrowToASecond() {
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> waiter(Duration.ofSeconds(3), Duration.ofMillis(50), Duration.ofSeconds(60))
				.await(() -> false, (ignored) -> {
				}));
		// With pauses of 50 ms there would be sixty.
		assertThat(this.taken.patience).hasSizeBetween(6, 16);
	}

	@Test
	void patienceIsAtMostASecondAndWithinTheTimeout() {
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> waiter(Duration.ofMillis(1500), Duration.ofMillis(100), Duration.ofSeconds(60))
				.await(() -> false, (ignored) -> {
				}));
		assertThat(this.taken.patience.get(0)).isZero();
		assertThat(this.taken.patience.get(1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.taken.patience.get(this.taken.patience.size() - 1)).isLessThan(Duration.ofMillis(700));
	}

	@Test
	void logsWhoHoldsTheLockEveryReportInterval(CapturedOutput output) {
		List<LockHolder> reported = new ArrayList<>();
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> waiter(Duration.ofMillis(1000), Duration.ofMillis(10), Duration.ofMillis(300))
				.await(() -> false, reported::add));
		assertThat(output.toString().lines().filter((line) -> line.contains("Waiting for the migration lock")))
			.hasSizeBetween(1, 3)
			.allMatch((line) -> line.contains("INFO") && line
				.contains("held by migrate web-1/17 orders (session 4711)" + ", running: create index a on t (id)"));
		// After the first try and at the end it is asked too.
		assertThat(reported).hasSizeBetween(3, 5);
	}

	@Test
	void holderThatCannotBeAskedDoesNotEndTheWait() {
		this.taken.holderFails = true;
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> waiter(Duration.ofMillis(100), Duration.ofMillis(10), Duration.ofMillis(20))
				.await(() -> false, (ignored) -> {
				}))
			.withMessageContaining("held by an instance that the server does not name");
	}

	@Test
	void errorOfATryEndsTheWait() {
		this.taken.failAt = 3;
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> waiter(Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofSeconds(20))
				.await(() -> false, (ignored) -> {
				}))
			.withMessage("neither yes nor no");
	}

	@Test
	void signalEndsATryThatIsMadeToWait() {
		this.taken.blocks = 2;
		assertEnds(() -> false);
	}

	@Test
	void signalEndsAFirstTryThatIsMadeToWait() {
		this.taken.blocks = 1;
		assertEnds(() -> false);
	}

	@Test
	void signalEndsALookAtThePendingMigrationsThatIsMadeToWait() {
		assertEnds(() -> {
			try {
				this.taken.block();
				return false;
			}
			catch (SQLException ex) {
				throw new DatabaseAccessException("The connection was lost.", "Start again.", ex);
			}
		});
	}

	private void assertEnds(BooleanSupplier nothingPending) {
		StopSignal signal = new StopSignal();
		CompletableFuture<?> wait = CompletableFuture.supplyAsync(() -> {
			try {
				return new LockWaiter(this.taken, Duration.ofSeconds(60), Duration.ofMillis(1), Duration.ofSeconds(60),
						signal)
					.await(nothingPending, (ignored) -> {
					});
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		Awaitility.await().until(() -> this.taken.blocked);
		signal.stop();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> wait.orTimeout(20, TimeUnit.SECONDS).join())
			.withCauseInstanceOf(InterruptedMigrationException.class)
			.withMessageContaining("Waiting for the migration lock ended after");
	}

	/**
	 * Is always held by another.
	 */
	private static final class TakenLock implements BlockingStrategy {

		private final List<Duration> patience = new ArrayList<>();

		private boolean holderFails;

		private int failAt;

		/** The number of a try, or 0. */
		private int blocks;

		private volatile boolean blocked;

		private final CountDownLatch cancelled = new CountDownLatch(1);

		@Override
		public String name() {
			return "taken";
		}

		@Override
		public String describe() {
			return "a lock that is taken";
		}

		@Override
		public Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException {
			this.patience.add(patience);
			if (this.patience.size() == this.failAt) {
				throw new SQLException("neither yes nor no");
			}
			if (this.patience.size() == this.blocks) {
				block();
			}
			return Optional.empty();
		}

		private void block() throws SQLException {
			this.blocked = true;
			try {
				if (this.cancelled.await(60, TimeUnit.SECONDS)) {
					throw new SQLException("cancelled");
				}
			}
			catch (InterruptedException ex) {
				throw new SQLException(ex);
			}
		}

		@Override
		public void cancel() {
			this.cancelled.countDown();
		}

		@Override
		public Optional<LockHolder> holder() throws SQLException {
			if (this.holderFails) {
				throw new SQLException("not now");
			}
			return Optional.of(new LockHolder("4711", "migrate web-1/17 orders", null, "create index a\n on t (id)"));
		}

		@Override
		public void close() {
		}

	}

}
