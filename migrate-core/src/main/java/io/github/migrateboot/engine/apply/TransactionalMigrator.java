package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TimeLimit;
import io.github.migrateboot.engine.apply.TransactionRunner.StepFailedException;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.settings.StatementSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a migration in one transaction, where DDL is transactional. The version is
 * recorded first: a program that ignores the lock, such as dbmate's command line, waits
 * at that row and then fails, or is found to have been faster. If the two wait for each
 * other, the database rolls one of them back; if that is us, we try again, as after any
 * other lock that was not free in time.
 */
public final class TransactionalMigrator {

	private static final Logger logger = LoggerFactory.getLogger(TransactionalMigrator.class);

	private static final String NEXT = "the next start runs the migration from its first statement.";

	private static final String ROLLED_BACK = "The migration was rolled back, nothing of it has taken effect.";

	private final StatementExecutor executor;

	private final LockedHistory history;

	private final RetryPolicy retries;

	private final RunProgress progress;

	private final TransactionRunner transaction;

	private final @Nullable TransactionPipeline pipeline;

	/**
	 * Create a migrator.
	 * @param executor executes our own statements between two attempts
	 * @param history the history
	 * @param retries how often a migration may be retried
	 * @param progress where the run is
	 * @param transaction runs the statements
	 * @param pipeline runs several migrations at once, or {@code null}
	 */
	public TransactionalMigrator(StatementExecutor executor, LockedHistory history, RetryPolicy retries,
			RunProgress progress, TransactionRunner transaction, @Nullable TransactionPipeline pipeline) {
		this.executor = executor;
		this.history = history;
		this.retries = retries;
		this.progress = progress;
		this.transaction = transaction;
		this.pipeline = pipeline;
	}

	/**
	 * Apply the first of some migrations, and as many of those behind it as can be sent
	 * with it. The progress is told of each when its turn has come.
	 * @param upcoming the migrations whose turn it is, in order, all of them to be run as
	 * a whole
	 * @return what has become of the last migration whose turn has come;
	 * {@link Turn#OURS} if it was applied
	 * @throws MigrationException if that one failed
	 * @throws SQLException if the history cannot be used
	 */
	public Turn apply(Iterator<Migration> upcoming) throws SQLException {
		TransactionGroup group = group(upcoming);
		MigrationTransaction first = group.transactions().get(0);
		if (this.pipeline == null || group.transactions().size() == 1) {
			return apply(first, new RetryAttempts(this.retries, first.migration()));
		}
		return apply(group, this.pipeline);
	}

	private TransactionGroup group(Iterator<Migration> upcoming) {
		Migration migration = upcoming.next();
		TransactionGroup group = new TransactionGroup(transaction(migration));
		boolean more = this.pipeline != null && TransactionGroup.mayShare(migration);
		while (more && upcoming.hasNext()) {
			migration = upcoming.next();
			more = TransactionGroup.mayShare(migration) && group.add(transaction(migration));
		}
		return group;
	}

	private MigrationTransaction transaction(Migration migration) {
		Recording recording = this.history.recording(migration);
		return new MigrationTransaction(migration, recording, steps(migration, recording));
	}

	private Turn apply(TransactionGroup group, TransactionPipeline pipeline) throws SQLException {
		Together together = new Together(group.transactions());
		try {
			pipeline.run(group, together);
			return Turn.OURS;
		}
		catch (StepFailedException ex) {
			together.tries.end();
			return isOver(together.at, together.tries, ex) ? Turn.OVER : apply(together.at, together.tries);
		}
		finally {
			together.tries.end();
		}
	}

	private Turn apply(MigrationTransaction migration, RetryAttempts tries) throws SQLException {
		while (true) {
			try {
				return run(migration, tries);
			}
			catch (StepFailedException ex) {
				if (isOver(migration, tries, ex)) {
					return Turn.OVER;
				}
				// The next try waits at the version row for whoever has won.
			}
		}
	}

	/**
	 * Find out what has become of a migration after a try has failed, and wait until it
	 * is time for the next one.
	 * @return whether others have done it
	 * @throws MigrationException if there is to be no other try
	 */
	private boolean isOver(MigrationTransaction transaction, RetryAttempts tries, StepFailedException failure)
			throws SQLException {
		if (isRecordedByOthers(transaction.migration())) {
			return true;
		}
		if (this.executor.isStopped(failure.error()) || !tries.areLeft(failure.error())) {
			throw failure(transaction.migration(), transaction.recording(), transaction.steps(), failure, tries);
		}
		// What the file has set outside its transaction is still there.
		this.executor.restoreSession();
		tries.pause(failure.error(), this.executor::beat, NEXT);
		return false;
	}

	private Turn run(MigrationTransaction migration, RetryAttempts tries) throws StepFailedException, SQLException {
		tries.begin();
		try {
			return this.transaction.run(migration.version(), migration.steps());
		}
		finally {
			tries.end();
		}
	}

	private List<BatchEntry> steps(Migration migration, Recording recording) {
		List<BatchEntry> steps = new ArrayList<>();
		String startedAt = this.executor.database().dialect().time().startOfTransaction();
		List<SqlStatement> statements = migration.statements();
		int settings = 0;
		// SET TRANSACTION is refused after the first query, which would be ours.
		while (settings < statements.size() && statements.get(settings).kind() == Kind.TRANSACTION_SETTING) {
			steps.add(BatchEntry.of(statements.get(settings++)));
		}
		this.executor.session().state().atBegin().forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		steps.add(BatchEntry.ours(this.history.writer().record(migration.version())));
		if (this.executor.database().has(Capability.TRANSACTION_LIMITS)) {
			limits().forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		}
		for (SqlStatement statement : statements.subList(settings, statements.size())) {
			steps.add(BatchEntry.of(statement));
		}
		// Before the journal is written: the file may have set a role that may not do
		// that.
		this.executor.restoringAfter(migration).forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		// dbmate records last, so what a file does to the history must not touch its own
		// record.
		steps.add(BatchEntry.ours(this.history.writer().keep(migration.version())));
		steps.add(BatchEntry.ours(this.history.writer().forget(migration.version())));
		// Without effect if the lock was taken over, and then the journal's condition is
		// false.
		this.history.lock().fence().ifPresent((fence) -> steps.add(BatchEntry.ours(fence)));
		steps.add(BatchEntry.ours(this.history.writer()
			.journal(recording, JournalState.APPLIED, startedAt,
					this.executor.database().dialect().time().millisSince(startedAt))));
		return steps;
	}

	/**
	 * Return what limits the statements of the file, and nothing before or after them.
	 */
	private List<String> limits() {
		StatementSettings settings = this.executor.settings();
		List<String> limits = new ArrayList<>();
		limits.add(this.executor.database().limits().lockWait(settings.lockTimeout(), true));
		TimeLimit timeLimit = (settings.timeout() != null) ? this.executor.database().limits().time(settings.timeout())
				: null;
		if (timeLimit != null) {
			limits.add(timeLimit.set());
		}
		return limits;
	}

	private boolean isRecordedByOthers(Migration migration) {
		if (isLost()) {
			return false;
		}
		return this.history.read().isApplied(migration.version());
	}

	private boolean isLost() {
		return SqlErrors.isLost(this.executor.connection());
	}

	private MigrationException failure(Migration migration, Recording recording, List<BatchEntry> steps,
			StepFailedException failure, RetryAttempts tries) {
		SQLException error = failure.error();
		if (this.executor.isStopped(error) && isRolledBack(failure)) {
			return stopped(migration, recording, steps, failure);
		}
		if (failure.index() == StepFailedException.COMMIT && isLost()) {
			String what = (failure.behind() == 0) ? migration + " was being committed"
					: migration + " and " + failure.behind() + " after it were being applied";
			return new MigrationFailedException(
					FailureText.of("The connection was lost while " + what + ": ")
						.and(SqlErrors.text(SqlErrors.serverError(error)))
						.and(". " + this.progress.summary().unknown(failure.behind())),
					"Start again: the migration and its record are one transaction, so the next start finds out"
							+ " whether it took effect.",
					error);
		}
		BatchEntry step = (failure.index() >= 0) ? steps.get(failure.index()) : null;
		if (step != null && step.statement() != null) {
			FailureMessages wording = new FailureMessages(migration, step.statement(), error, false);
			journalFailure(recording, step.statement().number(), wording.reason().full());
			String fix = wording.fix(this.executor.database(), this.history.tables().table());
			return wording.toException(this.executor.database(), tries.explain(error).and(rolledBack()),
					tries.remedy(error, fix) + " and start again: " + NEXT);
		}
		if (step != null && this.executor.database().errors().isNullRefused(error)) {
			return new LockLostException(
					FailureText.of("The lock was no longer held while " + migration
							+ " was being applied, so nothing of it was recorded. " + rolledBack()),
					this.history.changes().whyLost() + " Then start again.", error);
		}
		journalFailure(recording, 0, SqlErrors.describe(SqlErrors.serverError(error)));
		if (step != null) {
			return UnrecordedMigration.exception(this.history, this.progress, migration, error,
					tries.explain(error).and(ROLLED_BACK), "T" + NEXT.substring(1));
		}
		return new MigrationFailedException(
				FailureText
					.of("Migration " + migration.file().name() + " failed"
							+ ((failure.index() == StepFailedException.COMMIT) ? " when it was committed: " : ": "))
					.and(SqlErrors.text(SqlErrors.serverError(error)))
					.and(".\n")
					.and(tries.explain(error))
					.and(rolledBack()),
				tries.remedy(error, "Fix what the database's message says") + " and start again: " + NEXT, error);
	}

	/**
	 * Return whether it is certain that nothing was committed.
	 */
	private boolean isRolledBack(StepFailedException failure) {
		return failure.index() != StepFailedException.COMMIT || CancellableExecution.isNotBegun(failure.error())
				|| !isLost();
	}

	private MigrationException stopped(Migration migration, Recording recording, List<BatchEntry> steps,
			StepFailedException failure) {
		SqlStatement statement = (failure.index() >= 0) ? steps.get(failure.index()).statement() : null;
		if (statement != null) {
			FailureMessages wording = new FailureMessages(migration, statement, failure.error(), true);
			journalFailure(recording, statement.number(), wording.reason().full());
			return wording.toException(this.executor.database(), FailureText.of(rolledBack()), "Start again: " + NEXT);
		}
		return new InterruptedMigrationException(FailureText.of("The application is shutting down: migration "
				+ migration.file().name() + " was stopped. " + rolledBack()), "Start again: " + NEXT, failure.error());
	}

	private String rolledBack() {
		return ROLLED_BACK + " " + this.progress.summary().undone();
	}

	private void journalFailure(Recording recording, int statement, String reason) {
		if (isLost()) {
			return;
		}
		String failed = this.history.writer().failed(recording, statement, reason);
		Connection connection = this.executor.connection();
		try {
			this.history.lock().guardIfFree(() -> {
				try (Statement sql = connection.createStatement()) {
					sql.execute(this.history.writer().forget(recording.version()));
					sql.execute(failed);
				}
			});
		}
		catch (SQLException ex) {
			logger.debug("Could not journal the failure: {}", SqlErrors.describe(ex));
		}
	}

	/**
	 * Which migration of several that were sent together the server is at.
	 */
	private final class Together implements IntConsumer {

		private final List<MigrationTransaction> transactions;

		private MigrationTransaction at;

		private RetryAttempts tries;

		Together(List<MigrationTransaction> transactions) {
			this.transactions = transactions;
			this.at = transactions.get(0);
			this.tries = begin();
		}

		private RetryAttempts begin() {
			RetryAttempts attempts = new RetryAttempts(TransactionalMigrator.this.retries, this.at.migration());
			attempts.begin();
			return attempts;
		}

		@Override
		public void accept(int committed) {
			this.tries.end();
			if (committed < this.transactions.size()) {
				this.at = this.transactions.get(committed);
				TransactionalMigrator.this.progress.next(this.at.migration());
				this.tries = begin();
			}
		}

	}

}
