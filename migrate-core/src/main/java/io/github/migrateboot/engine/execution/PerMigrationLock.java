package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockWaiter;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.PerTransactionStrategy;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.lock.TransactionLock;
import io.github.migrateboot.settings.LockSettings;

/**
 * A lock that is acquired for each migration and released after it, so that instances
 * take turns. Whoever gets it looks at the history again, because others may have been at
 * work meanwhile.
 */
public final class PerMigrationLock implements LockScope {

	private final PerTransactionStrategy strategy;

	private final LockSettings settings;

	private final Connection connection;

	private final StopSignal signal;

	private final RunProgress progress;

	private final TurnCheck turns;

	private Duration waited = Duration.ZERO;

	/**
	 * Create a lock that is not held yet.
	 * @param strategy acquires it, also for a transaction
	 * @param settings how long to wait
	 * @param connection the migrating connection
	 * @param signal ends a wait
	 * @param progress is told of waits
	 * @param turns tells whose turn it is
	 */
	public PerMigrationLock(PerTransactionStrategy strategy, LockSettings settings, Connection connection,
			StopSignal signal, RunProgress progress, TurnCheck turns) {
		this.strategy = strategy;
		this.settings = settings;
		this.connection = connection;
		this.signal = signal;
		this.progress = progress;
		this.turns = turns;
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
	public Turn begin(String version, List<String> first) throws SQLException {
		Optional<MigrationLock> lock = acquire(ofTransaction(first), version);
		if (lock.isEmpty()) {
			return Turn.OVER;
		}
		return decide(version, lock.get(), (turn) -> turn == Turn.OURS);
	}

	@Override
	public Optional<MigrationLock> hold(String version) throws SQLException {
		Optional<MigrationLock> lock = acquire(this.strategy, version);
		if (lock.isPresent() && decide(version, lock.get(), (turn) -> turn != Turn.OVER) == Turn.OVER) {
			return Optional.empty();
		}
		return lock;
	}

	private Optional<MigrationLock> acquire(LockStrategy strategy, String version) throws SQLException {
		return this.turns.wasOver(version) ? Optional.empty() : await(strategy, () -> this.turns.isOver(version));
	}

	/**
	 * Look at the history with the lock in hand. Releases it if it is not kept.
	 */
	private Turn decide(String version, MigrationLock lock, Predicate<Turn> kept) {
		boolean keep = false;
		try {
			Turn turn = this.turns.decide(version);
			keep = kept.test(turn);
			return turn;
		}
		finally {
			if (!keep) {
				lock.close();
			}
		}
	}

	@Override
	public void guard(BooleanSupplier needless, SqlAction work) throws SQLException {
		Optional<MigrationLock> lock = await(ofTransaction(List.of()), needless);
		if (lock.isPresent()) {
			run(work, lock.get());
		}
	}

	@Override
	public void guardIfFree(SqlAction work) throws SQLException {
		Optional<MigrationLock> lock = ofTransaction(List.of()).tryAcquire(Duration.ZERO);
		if (lock.isPresent()) {
			run(work, lock.get());
		}
	}

	private void run(SqlAction work, MigrationLock lock) throws SQLException {
		try (lock) {
			this.turns.verify();
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
		ElapsedTime time = new ElapsedTime();
		Optional<MigrationLock> lock;
		try {
			lock = waiter.await(needless, this.progress::waiting);
		}
		finally {
			Duration took = time.get();
			this.waited = this.waited.plus(took);
			this.progress.lockWaited(took);
		}
		this.progress.lockAcquired();
		return lock;
	}

}
