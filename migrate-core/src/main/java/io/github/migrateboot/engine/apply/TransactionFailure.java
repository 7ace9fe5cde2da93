package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.apply.TransactionRunner.StepFailedException;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a migration in one transaction could not be applied.
 *
 * @param executor what was asked to execute it
 * @param history the history
 * @param progress where the run is
 * @param transaction the migration
 * @param tries how often it was tried
 * @param failure what failed last
 */
record TransactionFailure(StatementExecutor executor, LockedHistory history, RunProgress progress,
		MigrationTransaction transaction, RetryAttempts tries, StepFailedException failure) {

	static final String NEXT = "the next start runs the migration from its first statement.";

	private static final Logger logger = LoggerFactory.getLogger(TransactionFailure.class);

	private static final String ROLLED_BACK = "The migration was rolled back, nothing of it has taken effect.";

	/**
	 * Journal it, and word it.
	 */
	MigrationException toException() {
		SQLException error = this.failure.error();
		if (this.executor.isStopped(error) && isRolledBack()) {
			return stopped();
		}
		if (isCommit() && isLost()) {
			return unknown();
		}
		BatchEntry step = step();
		if (step != null && step.statement() != null) {
			FailureMessages wording = new FailureMessages(migration(), step.statement(), error, false);
			journal(step.statement().number(), this.tries.journalled(wording.reason().full()));
			String fix = wording.fix(this.executor.database(), this.history.tables().table());
			return wording.toException(this.executor.database(), this.tries.explain(error).and(rolledBack()),
					this.tries.remedy(error, fix) + " and start again: " + NEXT);
		}
		if (step != null && this.executor.database().errors().isNullRefused(error)) {
			return new LockLostException(
					FailureText.of("The lock was no longer held while " + migration()
							+ " was being applied, so nothing of it was recorded. " + rolledBack()),
					this.history.changes().whyLost() + " Then start again.", error);
		}
		journal(0, this.tries.journalled(SqlErrors.describe(SqlErrors.serverError(error))));
		if (step != null) {
			return UnrecordedMigration.exception(this.history, this.progress, migration(), error,
					this.tries.explain(error).and(ROLLED_BACK), "T" + NEXT.substring(1));
		}
		return new MigrationFailedException(
				FailureText
					.of("Migration " + migration().file().name() + " failed"
							+ (isCommit() ? " when it was committed: " : ": "))
					.and(SqlErrors.text(SqlErrors.serverError(error)))
					.and(".\n")
					.and(this.tries.explain(error))
					.and(rolledBack()),
				this.tries.remedy(error, "Fix what the database's message says") + " and start again: " + NEXT, error);
	}

	private MigrationException unknown() {
		int behind = this.failure.behind();
		String what = (behind == 0) ? migration() + " was being committed"
				: migration() + " and " + behind + " after it were being applied";
		return new MigrationFailedException(
				FailureText.of("The connection was lost while " + what + ": ")
					.and(SqlErrors.text(SqlErrors.serverError(this.failure.error())))
					.and(". " + this.progress.summary().unknown(behind)),
				"Start again: the migration and its record are one transaction, so the next start finds out"
						+ " whether it took effect.",
				this.failure.error());
	}

	private MigrationException stopped() {
		SQLException error = this.failure.error();
		BatchEntry step = step();
		SqlStatement statement = (step != null) ? step.statement() : null;
		if (statement != null) {
			FailureMessages wording = new FailureMessages(migration(), statement, error, true);
			journal(statement.number(), wording.reason().full());
			return wording.toException(this.executor.database(), FailureText.of(rolledBack()), "Start again: " + NEXT);
		}
		return new InterruptedMigrationException(FailureText.of("The application is shutting down: migration "
				+ migration().file().name() + " was stopped. " + rolledBack()), "Start again: " + NEXT, error);
	}

	private Migration migration() {
		return this.transaction.migration();
	}

	private @Nullable BatchEntry step() {
		return (this.failure.index() >= 0) ? this.transaction.steps().get(this.failure.index()) : null;
	}

	private boolean isCommit() {
		return this.failure.index() == StepFailedException.COMMIT;
	}

	private boolean isLost() {
		return SqlErrors.isLost(this.executor.connection());
	}

	/**
	 * Return whether it is certain that nothing was committed.
	 */
	private boolean isRolledBack() {
		return !isCommit() || CancellableExecution.isNotBegun(this.failure.error()) || !isLost();
	}

	private String rolledBack() {
		return ROLLED_BACK + " " + this.progress.summary().undone();
	}

	private void journal(int statement, String reason) {
		if (isLost()) {
			return;
		}
		String failed = this.history.writer().failed(this.transaction.recording(), statement, reason);
		Connection connection = this.executor.connection();
		try {
			this.history.lock().guardIfFree(() -> {
				try (Statement sql = connection.createStatement()) {
					sql.execute(this.history.writer().forget(this.transaction.version()));
					sql.execute(failed);
				}
			});
		}
		catch (SQLException ex) {
			logger.debug("Could not journal the failure: {}", SqlErrors.describe(ex));
		}
	}

}
