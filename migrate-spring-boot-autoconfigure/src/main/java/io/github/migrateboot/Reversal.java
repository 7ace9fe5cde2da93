package io.github.migrateboot;

import java.sql.SQLException;

import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.history.Attempt;
import io.github.migrateboot.history.Progress;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.history.Snapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the record of an applied migration goes and comes back when its down block runs
 * statement by statement. A migration that is not whole is not recorded, so its record
 * goes first; if the first statement fails and leaves nothing, it comes back.
 *
 * @param run the run
 * @param migration the migration and its down block
 * @param before what the journal knew of it, or {@code null}
 */
record Reversal(RunContext run, PendingMigration migration, @Nullable Attempt before) {

	private static final Logger logger = LoggerFactory.getLogger(Reversal.class);

	/**
	 * Return how to begin, or {@code null} if the migration is not recorded any more
	 * because its rollback was begun before.
	 */
	static @Nullable Reversal of(RunContext run, PendingMigration migration) throws SQLException {
		Snapshot history = run.reader().read(run.connection()).orElseThrow();
		return history.isApplied(migration.version())
				? new Reversal(run, migration, run.reader().attempt(run.connection(), migration.version()).orElse(null))
				: null;
	}

	/**
	 * Return whether there is nothing to roll back.
	 */
	static boolean isOver(Snapshot history, String version) {
		return !history.isApplied(version) && history.unfinished(version).filter(Progress::isReverting).isEmpty();
	}

	Resume plan() {
		return ResumePlanner.planRollback(this.before);
	}

	/**
	 * Remove the record and journal the intent, in the transaction that is open.
	 */
	void begin(Recording recording) throws SQLException {
		try {
			LockedStatements sql = new LockedStatements(this.run);
			sql.change(this.migration, this.run.writer().unrecord(this.migration.version()));
			sql.change(this.migration, (this.before != null)
					? this.run.writer().progress(this.migration.version()).revert(recording, 0, this.before.answers())
					: this.run.writer().beginReverting(recording));
			this.run.connection().commit();
		}
		finally {
			Transactions.end(this.run.connection());
		}
	}

	/**
	 * Record the migration again if surely nothing of its down block has taken effect.
	 * Otherwise, or if that fails, the journal tells how far it is.
	 */
	void takeBack() {
		try {
			Attempt now = this.run.reader().attempt(this.run.connection(), this.migration.version()).orElse(null);
			if (now == null || !now.entry().isRevertedInVain() || now.building() != null) {
				return;
			}
			this.run.connection().setAutoCommit(false);
			LockedStatements sql = new LockedStatements(this.run);
			for (String statement : this.run.atBegin()) {
				sql.execute(statement);
			}
			sql.change(this.migration, this.run.writer().record(this.migration.version()));
			if (this.before != null) {
				sql.change(this.migration, this.run.writer().progress(this.migration.version()).takeBack(this.before));
			}
			else {
				sql.execute(this.run.writer().forget(this.migration.version()));
			}
			this.run.connection().commit();
		}
		catch (SQLException | LockLostException ex) {
			logger.debug("The record could not be put back", ex);
		}
		finally {
			Transactions.end(this.run.connection());
		}
	}

}
