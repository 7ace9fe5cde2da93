package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.engine.apply.TransactionalRollback;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls migrations back one after the other: each as a whole where that is possible, and
 * otherwise statement by statement.
 *
 * @param executor executes statements
 * @param history the history
 * @param retries how often a migration may be retried
 * @param progress where the run is
 * @param byStatement runs what cannot be run as a whole
 */
record RollbackSequence(StatementExecutor executor, LockedHistory history, RetryPolicy retries, RunProgress progress,
		ByStatement byStatement) {

	private static final Logger logger = LoggerFactory.getLogger(RollbackSequence.class);

	/**
	 * Roll back what is left.
	 * @param targets the down blocks
	 */
	void rollBackAll(List<Migration> targets) throws SQLException {
		Iterator<Migration> next = targets.iterator();
		this.progress.each((file) -> {
			Migration migration = next.next();
			this.executor.execution()
				.requireGoingOn(() -> migration + " was not started. " + this.progress.summary().undone());
			this.progress.run(migration,
					() -> isWhole(migration) ? inOneTransaction(migration) : this.byStatement.run(migration, false),
					this::log);
		});
	}

	private void log(Migration migration, Optional<Duration> took) {
		String name = migration.file().name();
		if (took.isPresent()) {
			logger.info("Rolled back {} (migration {} of {}) in {} ms", name, this.progress.done().size(),
					this.progress.total(), took.get().toMillis());
		}
		else {
			logger.info("{} was rolled back by another program or instance meanwhile", name);
		}
		if (migration.statements().isEmpty()) {
			logger.warn("{} has an empty down block: only its record was removed", name);
		}
	}

	/**
	 * One whose rollback was started before is resumed in parts.
	 */
	private boolean isWhole(Migration migration) {
		return this.executor.database().has(Capability.TRANSACTIONAL_DDL) && migration.isTransactional()
				&& this.history.read().isApplied(migration.version());
	}

	private boolean inOneTransaction(Migration migration) throws SQLException {
		AtomicBoolean done = new AtomicBoolean();
		RetryAttempts tries = new RetryAttempts(this.retries, migration);
		SqlAction work = () -> done
			.set(new TransactionalRollback(this.executor, this.history, this.progress, migration, tries).execute());
		LockScope lock = this.history.lock();
		while (true) {
			tries.begin();
			try {
				if (lock.isHeldThroughout()) {
					work.run();
				}
				else {
					lock.guard(() -> RecordRemoval.isOver(this.history.read(), migration.version()), work);
				}
				return done.get();
			}
			catch (SQLException ex) {
				if (!tries.areLeft(ex)) {
					throw ex;
				}
				this.executor.restoreSession();
				tries.pause(ex, this.executor::beat, "it counts as applied, as before.");
			}
			finally {
				tries.end();
			}
		}
	}

}
