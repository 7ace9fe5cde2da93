package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.Migration.Direction;
import io.github.migrateboot.engine.plan.SessionReplay;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Journals and words the failure of a statement that may leave a part of its migration.
 *
 * @param run the run
 * @param migration the migration
 * @param interlude whether the journal could be written when the statement failed
 * @param transactional whether the statement's section has its transaction
 * @param done how many statements had taken effect as far as this run knows
 * @param failed the statement that failed
 * @param begun the statement that was to be run, usually the same
 * @param building the index that the statement was building concurrently, or {@code null}
 * @param error the error
 */
record FailureRecorder(RunContext run, Migration migration, SessionTracker interlude, boolean transactional, int done,
		SqlStatement failed, SqlStatement begun, @Nullable String building, SQLException error) {

	private static final Pattern COMMIT = Pattern.compile("\\bcommit\\b", Pattern.CASE_INSENSITIVE);

	/**
	 * Journal the failure, and wait until the migration may go on by itself.
	 * @throws MigrationException if it may not
	 */
	void settle(RetryAttempts tries) throws SQLException {
		FailureMessages wording = new FailureMessages(this.migration, this.failed, this.error,
				this.run.execution().isStopped(this.error));
		if (SqlErrors.isLost(this.run.connection())) {
			throw wording.toException(this.run.database(),
					"The connection is gone, so whether the statement took effect is not known. "
							+ this.run.soFar().get().undone(),
					lookAndGoOn());
		}
		Remains remains;
		try {
			remains = journal(wording.reason());
		}
		catch (SQLException | LockLostException ex) {
			this.error.addSuppressed(ex);
			throw wording.toException(this.run.database(),
					"The failure could not be journalled. " + this.run.soFar().get().undone(), lookAndGoOn());
		}
		if (wording.stopped() || !tries.areLeft(this.error) || !isRepeatable(tries, remains)) {
			throw explain(wording, remains, tries);
		}
		StatementExecutor sql = new StatementExecutor(this.run);
		tries.pause(this.error, () -> sql.execute("SELECT 1"), next(remains.whole()));
	}

	private boolean isRepeatable(RetryAttempts tries, Remains remains) throws SQLException {
		String obstacle = new SessionReplay(this.run.database(), this.migration, remains.whole() + 1).obstacle();
		if (remains.doubtful() > 0) {
			obstacle = "a part of statement " + remains.doubtful() + " may have taken effect";
		}
		else if (this.failed.kind() == Kind.DATA
				&& !this.run.database().undoesFailedStatements(this.run.connection())) {
			obstacle = "there are tables whose engine has no transactions, in which a part of it may have stayed";
		}
		if (obstacle != null) {
			tries.prevent(obstacle);
		}
		return obstacle == null;
	}

	private String lookAndGoOn() {
		return "See whether the database is up, then " + direction().again() + ": " + direction().next()
				+ " finds out how far " + direction().what() + " is, and goes on or asks.";
	}

	private Direction direction() {
		return this.migration.direction();
	}

	private JournalState state(boolean doubtful) {
		if (this.migration.isDown()) {
			return doubtful ? JournalState.REVERTING : JournalState.REVERT_FAILED;
		}
		return doubtful ? JournalState.RUNNING : JournalState.FAILED;
	}

	private Remains journal(String reason) throws SQLException {
		StatementExecutor sql = new StatementExecutor(this.run);
		Transactions.end(this.run.connection());
		// A transaction that the file began by itself.
		Transactions.rollBack(this.run.connection());
		sql.leave(this.interlude);
		JournalEntry entry = entry(sql);
		// A transaction of the file took the journal with it when it was rolled back.
		// Otherwise DDL that failed may have committed what stood before it.
		boolean undone = !this.transactional && this.interlude.isTransactionOpen();
		int whole = undone ? entry.done() : Math.max(this.done, entry.done());
		int doubtful = doubtful(entry);
		sql.changeAlone(this.migration,
				this.run.writer()
					.progress(this.migration.version())
					.failedAt(state(doubtful > 0), whole, (doubtful > 0) ? doubtful : this.begun.number(),
							this.building, reason));
		return new Remains(whole, isUnnamed() ? this.begun.number() : doubtful);
	}

	private JournalEntry entry(StatementExecutor sql) throws SQLException {
		Optional<JournalAttempt> attempt = this.run.reader().attempt(this.run.connection(), this.migration.version());
		if (attempt.isEmpty() && this.done == 0 && !this.migration.isDown()) {
			// Its row was in the transaction that has been rolled back.
			sql.changeAlone(this.migration,
					this.run.writer().begin(this.migration.recording(this.run.instance().toString())));
			attempt = this.run.reader().attempt(this.run.connection(), this.migration.version());
		}
		return attempt.orElseThrow(() -> new SQLException("The journal row of " + this.migration + " is gone")).entry();
	}

	/**
	 * Return the number of a statement of which a part may have taken effect although it
	 * or a later one failed, or 0. Its intent outlived the rollback only if it committed
	 * something by itself.
	 */
	private int doubtful(JournalEntry entry) {
		if (!this.transactional) {
			return (isRoutine(this.begun) && !CancellableExecution.isNotBegun(this.error)) ? this.begun.number() : 0;
		}
		if (this.interlude.isOpen() || entry.statement() == 0) {
			return 0;
		}
		SqlStatement committed = this.migration.statements().get(entry.statement() - 1);
		return (committed.kind() == Kind.DATA || isRoutine(committed)) ? committed.number() : 0;
	}

	private static boolean isRoutine(SqlStatement statement) {
		return statement.startsWith("CALL") || statement.startsWith("BEGIN", "NOT")
				|| (statement.startsWith("DO") && COMMIT.matcher(statement.text()).find());
	}

	private boolean isUnnamed() {
		return ConcurrentIndexes.UNNAMED.equals(this.building);
	}

	private MigrationException explain(FailureMessages wording, Remains remains, RetryAttempts tries) {
		int whole = remains.whole();
		int doubtful = remains.doubtful();
		boolean stopped = wording.stopped();
		String before = (stopped ? "" : tries.explain(this.error))
				+ ((whole == 0) ? "Nothing of " + direction().what() + " has taken effect"
						: "Statements 1 to " + whole + (this.migration.isDown() ? " of its down block" : "")
								+ " have taken effect and stay; the others have not");
		String mend = stopped ? ""
				: tries.remedy(this.error, "Mend line " + wording.line(this.run.database()) + " of the file");
		if (doubtful > 0) {
			String version = this.migration.version() + ":" + doubtful;
			return wording.toException(this.run.database(),
					before + ", but a part of statement " + doubtful + " may have"
							+ (isUnnamed() ? " (an INVALID index)" : "") + ". " + this.run.soFar().get().undone(),
					"Look in the database what statement " + doubtful + " has left, and undo or complete it. "
							+ (stopped ? "Set" : mend + ", set") + " migrate.resolve to " + version
							+ "=retry to go on at that statement, or to " + version + "=skip to go on behind it, and "
							+ direction().again() + ".");
		}
		String index = (this.building != null)
				? "If the index " + this.building + " was left behind INVALID, " + direction().next() + " removes it. "
				: "";
		String leave = (whole == 0) ? "" : ", leave statements 1 to " + whole + " as they are,";
		return wording.toException(this.run.database(), before + ". " + index + this.run.soFar().get().undone(),
				(stopped ? StringUtils.capitalize(direction().again()) : mend + leave + " and " + direction().again())
						+ ": " + next(whole));
	}

	private String next(int whole) {
		return (whole == 0) ? direction().next() + " runs " + direction().what() + " from its first statement."
				: direction().next() + " goes on at statement " + (whole + 1) + ".";
	}

	/**
	 * What a failure has left.
	 *
	 * @param whole how many statements have surely taken effect
	 * @param doubtful the statement of which a part may have taken effect, or 0
	 */
	private record Remains(int whole, int doubtful) {

	}

	/**
	 * Ends a try.
	 */
	static final class StepFailedException extends Exception {

		private final transient FailureRecorder failure;

		StepFailedException(FailureRecorder failure) {
			super(failure.error());
			this.failure = failure;
		}

		FailureRecorder failure() {
			return this.failure;
		}

	}

}
