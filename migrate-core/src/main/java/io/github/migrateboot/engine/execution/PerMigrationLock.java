package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockWaiter;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.PerTransactionStrategy;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.lock.TransactionLock;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is taken for each migration and released after it, so that instances take
 * turns. Whoever gets it looks at the history again, because others may have gone on
 * meanwhile.
 */
public final class PerMigrationLock implements LockScope {

	private final PerTransactionStrategy strategy;

	private final LockSettings settings;

	private final Connection connection;

	private final StopSignal signal;

	private final Supplier<HistorySnapshot> history;

	private final StatusPublisher board;

	private final Predicate<HistorySnapshot> inspection;

	private Duration waited = Duration.ZERO;

	private final BiPredicate<HistorySnapshot, String> isOver;

	private @Nullable HistorySnapshot lastSeen;

	public PerMigrationLock(PerTransactionStrategy strategy, LockSettings settings, Connection connection,
			StopSignal signal, StatusPublisher board, Supplier<HistorySnapshot> history,
			Predicate<HistorySnapshot> inspection, BiPredicate<HistorySnapshot, String> isOver) {
		this.strategy = strategy;
		this.settings = settings;
		this.connection = connection;
		this.signal = signal;
		this.history = history;
		this.board = board;
		this.inspection = inspection;
		this.isOver = isOver;
	}

	@Override
	public Duration waited() {
		return this.waited;
	}

	@Override
	public String condition() {
		return ofTransaction(List.of()).condition();
	}

	@Override
	public Optional<String> fence() {
		return Optional.empty();
	}

	@Override
	public boolean isHeldThroughout() {
		return false;
	}

	@Override
	public boolean begin(String version, List<String> first) throws SQLException {
		if (wasOver(version)) {
			return false;
		}
		Optional<MigrationLock> lock = await(ofTransaction(first), () -> isOver(version));
		return lock.isPresent() && isDue(version, lock.get(), false);
	}

	@Override
	public Optional<MigrationLock> hold(String version) throws SQLException {
		if (wasOver(version)) {
			return Optional.empty();
		}
		Optional<MigrationLock> lock = await(this.strategy, () -> isOver(version));
		return (lock.isPresent() && isDue(version, lock.get(), true)) ? lock : Optional.empty();
	}

	@Override
	public void guard(BooleanSupplier needless, Work work) throws SQLException {
		Optional<MigrationLock> lock = await(ofTransaction(List.of()), needless);
		if (lock.isPresent()) {
			run(work, lock.get());
		}
	}

	@Override
	public void guardIfFree(Work work) throws SQLException {
		Optional<MigrationLock> lock = ofTransaction(List.of()).tryAcquire(Duration.ZERO);
		if (lock.isPresent()) {
			run(work, lock.get());
		}
	}

	private void run(Work work, MigrationLock lock) throws SQLException {
		try (lock) {
			work.run();
			if (!this.connection.getAutoCommit()) {
				this.connection.commit();
			}
		}
	}

	private TransactionLock ofTransaction(List<String> first) {
		return this.strategy.ofTransaction(first);
	}

	private Optional<MigrationLock> await(LockStrategy strategy, BooleanSupplier needless) throws SQLException {
		LockWaiter waiter = new LockWaiter(strategy, this.settings.timeout(), this.settings.pollInterval(),
				this.settings.reportInterval(), this.signal);
		Running running = this.board.status().running();
		long start = System.nanoTime();
		Optional<MigrationLock> lock;
		try {
			lock = waiter.await(needless, this.board::waiting);
		}
		finally {
			Duration waited = Duration.ofNanos(System.nanoTime() - start);
			this.waited = this.waited.plus(waited);
			this.board.lockWaited(waited);
		}
		this.board.migrating(running);
		return lock;
	}

	/**
	 * Return whether it is known without asking: who has waited for one migration has
	 * often seen others applied too.
	 */
	private boolean wasOver(String version) {
		return this.lastSeen != null && this.isOver.test(this.lastSeen, version);
	}

	private boolean isOver(String version) {
		this.lastSeen = this.history.get();
		return this.isOver.test(this.lastSeen, version);
	}

	/**
	 * Look at the history with the lock in hand. Releases it if there is nothing to do.
	 */
	private boolean isDue(String version, MigrationLock lock, boolean inParts) throws SQLException {
		boolean due = false;
		try {
			HistorySnapshot history = this.history.get();
			this.lastSeen = history;
			if (!this.isOver.test(history, version)) {
				due = this.inspection.test(history) || inParts;
			}
			return due;
		}
		finally {
			if (!due) {
				lock.close();
			}
		}
	}

}
