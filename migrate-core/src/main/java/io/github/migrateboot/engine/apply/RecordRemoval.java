package io.github.migrateboot.engine.apply;

import java.sql.SQLException;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.history.Recording;
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
public record RecordRemoval(RunContext run, Migration migration, @Nullable JournalAttempt before) {

	private static final Logger logger = LoggerFactory.getLogger(RecordRemoval.class);

	/**
	 * Return how to begin, or {@code null} if the migration is not recorded any more
	 * because its rollback was begun before.
	 */
	static @Nullable RecordRemoval of(RunContext run, Migration migration) throws SQLException {
		HistorySnapshot history = run.reader().read(run.connection()).orElseThrow();
		return history.isApplied(migration.version()) ? new RecordRemoval(run, migration,
				run.reader().attempt(run.connection(), migration.version()).orElse(null)) : null;
	}

	/**
	 * Return whether there is nothing to roll back.
	 */
	public static boolean isOver(HistorySnapshot history, String version) {
		return !history.isApplied(version)
				&& history.unfinished(version).filter(JournalProgress::isReverting).isEmpty();
	}

	ResumePoint plan() {
		return ResumePlanner.planRollback(this.before);
	}

	/**
	 * Remove the record and journal the intent, in the transaction that is open.
	 */
	void begin(Recording recording) throws SQLException {
		try {
			StatementExecutor sql = new StatementExecutor(this.run);
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
			JournalAttempt now = this.run.reader()
				.attempt(this.run.connection(), this.migration.version())
				.orElse(null);
			if (now == null || !now.entry().isRevertedInVain() || now.building() != null) {
				return;
			}
			this.run.connection().setAutoCommit(false);
			StatementExecutor sql = new StatementExecutor(this.run);
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
