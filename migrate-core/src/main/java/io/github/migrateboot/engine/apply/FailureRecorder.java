package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SectionSteps;
import io.github.migrateboot.engine.plan.SessionReplay;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.SqlStatement;

import org.springframework.util.StringUtils;

/**
 * Journals and words the failure of a statement that may leave a part of its migration.
 *
 * @param executor executes statements
 * @param history the history
 * @param progress what the run has done
 * @param migration the migration
 * @param tracker whether the journal could be written when the statement failed
 * @param statement the statement
 */
record FailureRecorder(StatementExecutor executor, LockedHistory history, RunProgress progress, Migration migration,
		SessionTracker tracker, FailedStatement statement) {

	private static final Pattern COMMIT = Pattern.compile("\\bcommit\\b", Pattern.CASE_INSENSITIVE);

	/**
	 * Journal the failure, and wait until the migration may go on by itself.
	 * @throws MigrationException if it may not
	 */
	void settle(RetryAttempts tries) throws SQLException {
		FailureMessages wording = new FailureMessages(this.migration, this.statement.failed(), this.statement.error(),
				this.executor.isStopped(this.statement.error()));
		if (SqlErrors.isLost(this.executor.connection())) {
			throw wording.toException(this.executor.database(),
					FailureText.of("The connection is gone, so whether the statement took effect is not known. "
							+ this.progress.summary().undone()),
					lookAndGoOn());
		}
		Remains remains;
		try {
			remains = journal(tries.journalled(wording.reason().full()));
		}
		catch (SQLException | LockLostException ex) {
			this.statement.error().addSuppressed(ex);
			throw wording.toException(this.executor.database(),
					FailureText.of("The failure could not be journalled. " + this.progress.summary().undone()),
					lookAndGoOn());
		}
		if (wording.stopped() || !tries.areLeft(this.statement.error(), this.statement.worked())
				|| !isRepeatable(tries, remains)) {
			throw explain(wording, remains, tries);
		}
		tries.pause(this.statement.error(), this.executor::beat, next(remains.whole()));
	}

	private boolean isRepeatable(RetryAttempts tries, Remains remains) throws SQLException {
		FailureText obstacle = new SessionReplay(this.executor.database(), this.migration, remains.whole() + 1)
			.obstacle();
		if (remains.doubtful() > 0) {
			obstacle = FailureText.of("a part of " + remains.what() + " may have taken effect");
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
		Transactions.end(this.executor.connection());
		// A transaction that the file began by itself.
		Transactions.rollBack(this.executor.connection());
		this.executor.restoreSession(this.tracker);
		JournalAttempt attempt = attempt();
		JournalEntry entry = attempt.entry();
		// A transaction of the file took the journal with it when it was rolled back.
		// Otherwise DDL that failed may have committed what stood before it.
		boolean undone = !this.statement.transactional() && this.tracker.isTransactionOpen();
		int whole = undone ? entry.done() : Math.max(this.statement.done(), entry.done());
		int doubtful = doubtful(entry);
		this.history.changes()
			.changeAlone(this.migration, this.history.writer()
				.progress(this.migration.version())
				.failedAt(state(doubtful > 0), whole, (doubtful > 0) ? doubtful : this.statement.started().number(),
						this.statement.building(), reason));
		int failed = this.statement.started().number();
		boolean more = doubtful > 0 && isUndone(this.migration.statements().get(doubtful - 1));
		return new Remains(whole, isUnnamed() ? failed : doubtful, more ? failed : doubtful, wasTriedAgain(attempt));
	}

	/**
	 * Return whether an answer had the statement that failed retried, which says nothing
	 * after a lock timeout or a deadlock.
	 */
	private boolean wasTriedAgain(JournalAttempt attempt) {
		return !this.executor.database().errors().isLockTimeout(this.statement.error())
				&& !this.executor.database().errors().isDeadlock(this.statement.error())
				&& new Resolutions(List.of(), this.migration.version(), attempt.answers())
					.wasTriedAgain(this.statement.started().number());
	}

	private JournalAttempt attempt() throws SQLException {
		Optional<JournalAttempt> attempt = this.history.attempt(this.migration.version());
		if (attempt.isEmpty() && this.statement.done() == 0 && !this.migration.isDown()) {
			// Its row was in the transaction that has been rolled back.
			this.history.changes()
				.changeAlone(this.migration, this.history.writer().begin(this.history.recording(this.migration)));
			new ProgressJournal(this.executor, this.history, this.migration).journalMoreHashes();
			attempt = this.history.attempt(this.migration.version());
		}
		return attempt.orElseThrow(() -> new SQLException("The journal row of " + this.migration + " is gone"));
	}

	/**
	 * Return the number of a statement of which a part may have taken effect although it
	 * or a later one failed, or 0. Its intent outlived the rollback only if it committed
	 * something by itself.
	 */
	private int doubtful(JournalEntry entry) throws SQLException {
		int number = this.statement.started().number();
		if (this.tracker.isOpen() && this.statement.transactional()) {
			return 0;
		}
		SqlStatement journalled = (entry.statement() > 0) ? this.migration.statements().get(entry.statement() - 1)
				: null;
		if (journalled != null && isUndone(journalled)) {
			return (journalled.number() == number && hasDoneNothing()) || number < journalled.number() ? 0
					: journalled.number();
		}
		if (!this.statement.transactional()) {
			return mayHaveLeftPart() ? number : 0;
		}
		return (journalled != null && isRoutine(journalled)) ? journalled.number() : 0;
	}

	private boolean mayHaveLeftPart() throws SQLException {
		SqlStatement started = this.statement.started();
		if (CancellableExecution.isNotBegun(this.statement.error())) {
			return false;
		}
		return isRoutine(started) || (!hasDoneNothing() && this.executor.lasting().mayWrite(started));
	}

	/**
	 * Return whether the statement was refused for what it says.
	 */
	private boolean hasDoneNothing() {
		return CancellableExecution.isNotBegun(this.statement.error())
				|| this.executor.database().errors().isNotUnderstood(this.statement.error());
	}

	/**
	 * Return whether the journal says that a transaction may leave something although it
	 * is rolled back.
	 */
	private boolean isUndone(SqlStatement statement) {
		SectionSteps steps = SectionSteps.of(this.executor.database(), this.migration, statement.number());
		return steps != null && steps.isUndone(statement);
	}

	private static boolean isRoutine(SqlStatement statement) {
		return statement.startsWith("CALL") || statement.startsWith("EXECUTE") || statement.startsWith("BEGIN", "NOT")
				|| (statement.startsWith("DO") && COMMIT.matcher(statement.text()).find());
	}

	private boolean isUnnamed() {
		return ConcurrentIndexes.UNNAMED.equals(this.statement.building());
	}

	private MigrationException explain(FailureMessages wording, Remains remains, RetryAttempts tries) {
		int whole = remains.whole();
		int doubtful = remains.doubtful();
		boolean stopped = wording.stopped();
		FailureText before = (stopped ? FailureText.of("") : tries.explain(this.statement.error()))
			.and((whole == 0) ? "Nothing of " + direction().what() + " has taken effect"
					: "Statements 1 to " + whole + (this.migration.isDown() ? " of its down block" : "")
							+ " have taken effect and stay; the others have not");
		String fix = stopped ? "" : tries.remedy(this.statement.error(),
				wording.fix(this.executor.database(), this.history.tables().table()));
		if (doubtful > 0) {
			String version = this.migration.version() + ":" + (whole + 1);
			return wording.toException(this.executor.database(),
					before.and(", but a part of " + remains.what() + " may have"
							+ (isUnnamed() ? " (an INVALID index)" : "") + ". " + this.progress.summary().undone()),
					"Look in the database what " + remains.what() + " has left, and undo or complete it. "
							+ (stopped ? "Set" : fix + ", set") + " migrate.resolve to " + version
							+ "=retry to go on at that statement, or to " + version + "=skip to go on behind it, and "
							+ direction().again() + ".");
		}
		if (remains.triedAgain() && !stopped) {
			return explainTriedAgain(wording, whole, fix);
		}
		FailureText index = (this.statement.building() != null) ? FailureText.of("If the index")
			.and(new FailureText(" " + this.statement.building(), ""))
			.and(" was left behind INVALID, " + direction().next() + " removes it. ") : FailureText.of("");
		String leave = (whole == 0) ? "" : ", leave statements 1 to " + whole + " as they are,";
		return wording.toException(this.executor.database(),
				before.and(". ").and(index).and(this.progress.summary().undone()),
				(stopped ? StringUtils.capitalize(direction().again()) : fix + leave + " and " + direction().again())
						+ ": " + next(whole));
	}

	/**
	 * Whoever gave the answer may have been wrong.
	 */
	private MigrationException explainTriedAgain(FailureMessages wording, int whole, String fix) {
		String statement = "statement " + this.statement.started().number();
		return wording.toException(this.executor.database(),
				FailureText.of(((whole == 0) ? "" : "Statements 1 to " + whole + " have taken effect and stay. ")
						+ StringUtils.capitalize(statement)
						+ " was executed once more because migrate.resolve says retry,"
						+ " so it may have taken effect before. " + this.progress.summary().undone()),
				"Look in the database whether it had. If so, set migrate.resolve to " + this.migration.version() + ":"
						+ this.statement.started().number() + "=skip in place of that answer and " + direction().again()
						+ ": " + direction().next() + " goes on behind it. If not, " + StringUtils.uncapitalize(fix)
						+ " and " + direction().again() + ": " + next(whole));
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
	 * @param last the last statement of which a part may have taken effect, or 0
	 * @param triedAgain whether it may have taken effect before
	 */
	private record Remains(int whole, int doubtful, int last, boolean triedAgain) {

		String what() {
			return (Math.max(this.doubtful, this.last) == this.whole + 1) ? "statement " + this.doubtful
					: "statements " + (this.whole + 1) + " to " + Math.max(this.doubtful, this.last);
		}

	}

	/**
	 * Ends a try.
	 */
	static final class StepFailedException extends Exception {

		private final transient FailureRecorder failure;

		StepFailedException(FailureRecorder failure) {
			super(failure.statement().error());
			this.failure = failure;
		}

		FailureRecorder failure() {
			return this.failure;
		}

	}

}
