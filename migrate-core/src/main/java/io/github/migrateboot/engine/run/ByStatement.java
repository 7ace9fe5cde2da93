package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.util.Optional;

import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.apply.StatementMigrator;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.lock.MigrationLock;

/**
 * Runs a migration statement by statement when its turn has come.
 *
 * @param executor executes statements
 * @param history the history
 * @param retries how often a migration may be retried
 * @param planner finds out where to resume
 * @param progress where the run is
 */
record ByStatement(StatementExecutor executor, LockedHistory history, RetryPolicy retries, ResumePlanner planner,
		RunProgress progress) {

	/**
	 * Run one migration, up or down, while the lock is held.
	 * @param fresh whether the journal, read while the lock was held as it still is, has
	 * nothing about it
	 * @return {@code false} if others had done it
	 */
	boolean run(Migration migration, boolean fresh) throws SQLException {
		Optional<MigrationLock> lock = this.history.lock().hold(migration.version());
		if (lock.isEmpty()) {
			return false;
		}
		try (MigrationLock held = lock.get()) {
			new StatementMigrator(this.executor.during(migration), this.history.during(held), this.retries,
					this.planner, this.progress, fresh)
				.apply(migration);
			return true;
		}
	}

}
