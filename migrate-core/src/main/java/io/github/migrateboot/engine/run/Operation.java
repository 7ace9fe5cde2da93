package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.status.MigrationReport;

/**
 * What a run is for once it has a connection: to migrate or to roll back.
 */
interface Operation {

	/**
	 * Refuse, before the lock is waited for, what is not possible.
	 * @param database what the server has said it is
	 */
	void check(Database database);

	/**
	 * Return what is intended, for the log.
	 */
	String intent();

	/**
	 * Return where the run is.
	 */
	RunProgress progress();

	/**
	 * Return whether others have done everything while the lock was waited for.
	 * @param history the history now
	 */
	default boolean isNeedless(HistorySnapshot history) {
		return false;
	}

	/**
	 * Return what to report then.
	 * @param waited how long the lock was waited for
	 */
	default MigrationReport nothingLeft(Duration waited) {
		throw new IllegalStateException("Never needless");
	}

	/**
	 * Do it.
	 * @param executor executes statements on the migrating connection
	 * @param history the tables
	 * @param retries how often a migration may be retried
	 * @param locks creates the run's lock
	 */
	MigrationReport execute(StatementExecutor executor, History history, RetryPolicy retries, LockScope.Factory locks)
			throws SQLException;

}
