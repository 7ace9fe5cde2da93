package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;

/**
 * What a run is for, once it has a connection and the lock.
 */
interface LockedTask {

	/**
	 * Stop the run before the lock is waited for if the task is not possible.
	 * @param database what the server has said it is
	 */
	void check(Database database);

	/**
	 * Return what is intended, for the log.
	 */
	String intent();

	/**
	 * Return whether others have done the task while the lock was waited for.
	 */
	default boolean isNeedless(HistorySnapshot history) {
		return false;
	}

	/**
	 * Return what to report then.
	 * @param waited how long the lock was waited for
	 */
	default MigrationReport needless(Duration waited) {
		throw new IllegalStateException("Never needless");
	}

	/**
	 * Return whether the part of the task that is about one migration is done.
	 */
	boolean isOver(HistorySnapshot history, String version);

	/**
	 * Do it.
	 */
	MigrationReport execute(Place place) throws SQLException;

	/**
	 * Where it is done.
	 *
	 * @param execution executes statements of migrations
	 * @param session the migrating session
	 * @param more opens another connection
	 * @param table the history table
	 * @param reader reads the history
	 * @param locks creates the run's lock
	 */
	record Place(CancellableExecution execution, MigrationSession session, ConnectionOpener more, TableName table,
			HistoryReader reader, LockScope.Factory locks) {

		/**
		 * Return what the appliers need.
		 */
		RunContext context(MigratorSettings settings, StatusPublisher board, LockScope lock, Supplier<RunSummary> soFar)
				throws SQLException {
			Database database = this.session.server().database();
			HistoryWriter writer = new HistoryWriter(database, this.table, lock.condition());
			RetryPolicy retries = new RetryPolicy(settings.statement(), database,
					database.inspection().blockers(this.session.connection(), settings.instance()), this.more,
					this.execution.signal(), board::retried);
			return new RunContext(this.session.connection(), database, this.table, this.reader, writer, lock,
					this.session.state(), settings.instance(), settings.resolve(), retries, this.execution, board,
					soFar);
		}

	}

}
