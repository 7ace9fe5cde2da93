package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.engine.execution.LockedHistory;
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
 * @param executor executes statements
 * @param history the history
 * @param migration the migration and its down block
 * @param before what the journal knew of it, or {@code null}
 */
public record RecordRemoval(StatementExecutor executor, LockedHistory history, Migration migration,
		@Nullable JournalAttempt before) {

	private static final Logger logger = LoggerFactory.getLogger(RecordRemoval.class);

	/**
	 * Return how to begin, or {@code null} if the migration is not recorded any more
	 * because its rollback was started before.
	 */
	static @Nullable RecordRemoval of(StatementExecutor executor, LockedHistory history, Migration migration)
			throws SQLException {
		return history.read().isApplied(migration.version())
				? new RecordRemoval(executor, history, migration, history.attempt(migration.version()).orElse(null))
				: null;
	}

	/**
	 * Return whether there is nothing to roll back.
	 */
	public static boolean isOver(HistorySnapshot history, String version) {
		return !history.isApplied(version)
				&& history.unfinished(version).filter(JournalProgress::isReverting).isEmpty();
	}

	ResumePoint plan() {
		// Whatever the journal row says is a thing of the past, except which answers have
		// been used.
		return (this.before != null) ? new ResumePoint(true, 0, null, List.of(), this.before.answers(), false)
				: ResumePoint.FRESH;
	}

	/**
	 * Remove the record and journal the intent, in the transaction that is open.
	 */
	void begin(Recording recording) throws SQLException {
		try {
			this.history.changes().change(this.migration, this.history.writer().unrecord(this.migration.version()));
			this.history.changes()
				.change(this.migration,
						(this.before != null)
								? this.history.writer()
									.progress(this.migration.version())
									.revert(recording, 0, this.before.answers())
								: this.history.writer().beginReverting(recording));
			this.executor.connection().commit();
		}
		finally {
			Transactions.end(this.executor.connection());
		}
	}

	/**
	 * Record the migration again if surely nothing of its down block has taken effect.
	 * Otherwise, or if that fails, the journal tells how far it is.
	 */
	void takeBack() {
		try {
			JournalAttempt now = this.history.attempt(this.migration.version()).orElse(null);
			if (now == null || !now.entry().isRevertedInVain() || now.building() != null) {
				return;
			}
			this.executor.connection().setAutoCommit(false);
			this.executor.execute(this.executor.session().state().atBegin());
			this.history.changes().change(this.migration, this.history.writer().record(this.migration.version()));
			if (this.before != null) {
				this.history.changes()
					.change(this.migration,
							this.history.writer().progress(this.migration.version()).takeBack(this.before));
			}
			else {
				this.executor.execute(this.history.writer().forget(this.migration.version()));
			}
			this.executor.connection().commit();
		}
		catch (SQLException | LockLostException ex) {
			logger.debug("The record could not be restored", ex);
		}
		finally {
			Transactions.end(this.executor.connection());
		}
	}

}
