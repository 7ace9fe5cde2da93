package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Rolls a migration back in one transaction, where DDL is transactional. Its record is
 * removed first: a program that ignores the lock, such as dbmate's command line, waits at
 * that row.
 *
 * @param executor executes statements
 * @param history the history
 * @param progress where the run is
 * @param migration the migration and its down block
 * @param tries how often it may be tried again
 */
public record TransactionalRollback(StatementExecutor executor, LockedHistory history, RunProgress progress,
		Migration migration, RetryAttempts tries) {

	private static final String NOTHING = "Nothing of its down block has taken effect, and it counts as applied as before.";

	/**
	 * Roll back, in the transaction that is open if there is one.
	 * @return whether it was rolled back; {@code false} if another program had done it
	 * @throws SQLException after a lock timeout or a deadlock, if it may be retried
	 */
	public boolean execute() throws SQLException {
		SqlStatement current = null;
		boolean committing = false;
		try {
			begin();
			if (!removeRecord()) {
				rollBack();
				return requireRolledBackByOthers();
			}
			if (!isBegunByStatement()) {
				this.executor.execute(limit());
			}
			for (SqlStatement statement : this.migration.statements()) {
				if (statement.kind() != Kind.TRANSACTION_SETTING) {
					current = statement;
					this.progress.statement(statement.number());
					this.executor.execute(statement);
				}
			}
			current = null;
			journal();
			committing = true;
			commit();
			return true;
		}
		catch (SQLException ex) {
			rollBack();
			if (!this.executor.isStopped(ex) && this.tries.areLeft(ex)) {
				throw ex;
			}
			throw failure(current, committing, ex);
		}
	}

	private boolean isBegunByStatement() {
		return this.executor.database().has(Capability.IMMEDIATE_TRANSACTIONS);
	}

	private void begin() throws SQLException {
		Connection connection = this.executor.connection();
		if (isBegunByStatement()) {
			this.executor.execute(limit());
			this.executor.execute("BEGIN IMMEDIATE");
		}
		else if (connection.getAutoCommit()) {
			connection.setAutoCommit(false);
		}
		// Refused after the first query, which would be ours.
		for (SqlStatement statement : this.migration.statements()) {
			if (statement.kind() == Kind.TRANSACTION_SETTING) {
				this.executor.execute(statement);
			}
		}
		for (String statement : this.executor.session().state().atBegin()) {
			this.executor.execute(statement);
		}
	}

	private String limit() {
		return this.executor.database()
			.limits()
			.lockWait(this.executor.settings().lockTimeout(), !isBegunByStatement());
	}

	private boolean removeRecord() throws SQLException {
		try (Statement statement = this.executor.connection().createStatement()) {
			return statement.executeUpdate(this.history.writer().unrecord(this.migration.version())) == 1;
		}
	}

	private boolean requireRolledBackByOthers() throws SQLException {
		if (this.history.read().isApplied(this.migration.version())) {
			throw lockLost(null);
		}
		return false;
	}

	private void journal() throws SQLException {
		// Before the journal is written: the block may have set a role that may not.
		this.executor.restoreSession();
		HistoryWriter writer = this.history.writer();
		Recording recording = this.history.recording(this.migration);
		String startedAt = this.executor.database().dialect().time().startOfTransaction();
		this.executor.execute(writer.forget(this.migration.version()));
		// Without effect if the lock was taken over, and then the journal's condition is
		// false.
		Optional<String> fence = this.history.lock().fence();
		if (fence.isPresent()) {
			this.executor.execute(fence.get());
		}
		this.executor.execute(writer.journal(recording, JournalState.REVERTED, startedAt,
				this.executor.database().dialect().time().millisSince(startedAt)));
	}

	private void commit() throws SQLException {
		if (isBegunByStatement()) {
			this.executor.execute(limit());
			this.executor.execute("COMMIT");
		}
		else {
			this.executor.connection().commit();
			this.executor.connection().setAutoCommit(true);
		}
	}

	private void rollBack() {
		if (isBegunByStatement()) {
			Transactions.rollBack(this.executor.connection());
		}
		Transactions.end(this.executor.connection());
	}

	private MigrationException failure(@Nullable SqlStatement statement, boolean committing, SQLException error) {
		if (statement != null) {
			boolean stopped = this.executor.isStopped(error);
			FailureMessages wording = new FailureMessages(this.migration, statement, error, stopped);
			return wording.toException(this.executor.database(),
					(stopped ? FailureText.of("") : this.tries.explain(error))
						.and(NOTHING + " " + this.progress.summary().undone()),
					stopped ? "Roll back again."
							: this.tries.remedy(error,
									wording.fix(this.executor.database(), this.history.tables().table()))
									+ " and roll back again.");
		}
		if (this.executor.database().errors().isNullRefused(error)) {
			return lockLost(error);
		}
		if (committing) {
			return new MigrationFailedException(
					FailureText
						.of("The rollback of " + this.migration.file().name() + " failed when it was committed: ")
						.and(SqlErrors.text(SqlErrors.serverError(error)))
						.and(". " + this.progress.summary().unknown()),
					"See the history: what the down block does and the removal of the record are one transaction, so either"
							+ " both have taken effect or neither.",
					error);
		}
		return UnrecordedMigration.exception(this.history, this.progress, this.migration, error,
				FailureText.of(NOTHING), "Then roll back again.");
	}

	private LockLostException lockLost(@Nullable SQLException error) {
		return new LockLostException(
				FailureText.of("The lock was no longer held during " + this.migration + ". " + NOTHING + " "
						+ this.progress.summary().undone()),
				this.history.changes().whyLost() + " Then roll back again.", error);
	}

}
