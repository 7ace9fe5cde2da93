package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.Snapshot;
import io.github.migrateboot.lock.LockRequest.ConnectionOpener;

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
	default boolean isNeedless(Snapshot history) {
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
	boolean isOver(Snapshot history, String version);

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
	record Place(Execution execution, RunSession session, ConnectionOpener more, TableName table, HistoryReader reader,
			RunLock.Factory locks) {

		/**
		 * Return what the appliers need.
		 */
		RunContext context(MigratorSettings settings, StatusBoard board, RunLock lock, Supplier<SoFar> soFar)
				throws SQLException {
			Database database = this.session.server().database();
			HistoryWriter writer = new HistoryWriter(database, this.table, lock.condition());
			Retries retries = new Retries(settings.statement(), database,
					database.blockers(this.session.connection(), settings.instance()), this.more,
					this.execution.signal(), board::retried);
			return new RunContext(this.session.connection(), database, this.table, this.reader, writer, lock,
					this.session.state(), settings.instance(), settings.resolve(), retries, this.execution, board,
					soFar);
		}

	}

}
