package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.FailureMessages;
import io.github.migrateboot.engine.plan.Migration;
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
 * @param run the run
 * @param migration the migration and its down block
 * @param tries how often it may be tried again
 */
public record TransactionalRollback(RunContext run, Migration migration, RetryAttempts tries) {

	private static final String NOTHING = "Nothing of its down block has taken effect, and it counts as applied as before.";

	/**
	 * Roll back, in the transaction that is open if there is one.
	 * @return whether it was rolled back; {@code false} if another program had done it
	 * @throws SQLException if it gave way to others and may be tried again
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
				sql().execute(limit());
			}
			for (SqlStatement statement : this.migration.statements()) {
				if (statement.kind() != Kind.TRANSACTION_SETTING) {
					current = statement;
					this.run.board().statement(statement.number());
					sql().execute(statement);
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
			if (!this.run.execution().isStopped(ex) && this.tries.areLeft(ex)) {
				throw ex;
			}
			throw failure(current, committing, ex);
		}
	}

	private StatementExecutor sql() {
		return new StatementExecutor(this.run);
	}

	private boolean isBegunByStatement() {
		return this.run.database().has(Capability.IMMEDIATE_TRANSACTIONS);
	}

	private void begin() throws SQLException {
		Connection connection = this.run.connection();
		if (isBegunByStatement()) {
			sql().execute(limit());
			sql().execute("BEGIN IMMEDIATE");
		}
		else if (connection.getAutoCommit()) {
			connection.setAutoCommit(false);
		}
		// Refused after the first query, which would be ours.
		for (SqlStatement statement : this.migration.statements()) {
			if (statement.kind() == Kind.TRANSACTION_SETTING) {
				sql().execute(statement);
			}
		}
		for (String statement : this.run.atBegin()) {
			sql().execute(statement);
		}
	}

	private String limit() {
		return this.run.database()
			.limits()
			.lockWait(this.run.retries().settings().lockTimeout(), !isBegunByStatement());
	}

	private boolean removeRecord() throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			return statement.executeUpdate(this.run.writer().unrecord(this.migration.version())) == 1;
		}
	}

	private boolean requireRolledBackByOthers() throws SQLException {
		if (this.run.reader().read(this.run.connection()).orElseThrow().isApplied(this.migration.version())) {
			throw lockLost(null);
		}
		return false;
	}

	private void journal() throws SQLException {
		// Before the journal is written: the block may have set a role that may not.
		for (String reset : this.run.sessionReset()) {
			sql().execute(reset);
		}
		HistoryWriter writer = this.run.writer();
		Recording recording = this.migration.recording(this.run.instance().toString());
		String startedAt = this.run.database().dialect().startOfTransaction();
		sql().execute(writer.forget(this.migration.version()));
		// Without effect if the lock was taken over, and then the journal's condition is
		// false.
		Optional<String> fence = this.run.lock().fence();
		if (fence.isPresent()) {
			sql().execute(fence.get());
		}
		sql().execute(writer.journal(recording, JournalState.REVERTED, startedAt,
				this.run.database().dialect().millisSince(startedAt)));
	}

	private void commit() throws SQLException {
		if (isBegunByStatement()) {
			sql().execute(limit());
			sql().execute("COMMIT");
		}
		else {
			this.run.connection().commit();
			this.run.connection().setAutoCommit(true);
		}
	}

	private void rollBack() {
		if (isBegunByStatement()) {
			Transactions.rollBack(this.run.connection());
		}
		Transactions.end(this.run.connection());
	}

	private MigrationException failure(@Nullable SqlStatement statement, boolean committing, SQLException error) {
		if (statement != null) {
			boolean stopped = this.run.execution().isStopped(error);
			FailureMessages wording = new FailureMessages(this.migration, statement, error, stopped);
			return wording.toException(this.run.database(),
					(stopped ? "" : this.tries.explain(error)) + NOTHING + " " + this.run.soFar().get().undone(),
					stopped ? "Roll back again."
							: this.tries.remedy(error,
									"Mend line " + wording.line(this.run.database()) + " of the file")
									+ " and roll back again.");
		}
		if (this.run.database().errors().isNullRefused(error)) {
			return lockLost(error);
		}
		if (committing) {
			return new MigrationFailedException(
					"The rollback of " + this.migration.file().name() + " failed when it was committed: "
							+ SqlErrors.describe(SqlErrors.serverError(error)) + ". "
							+ this.run.soFar().get().unknown(),
					"See the history: what the down block does and the removal of the record are one transaction, so either"
							+ " both have taken effect or neither.",
					error);
		}
		return UnrecordedMigration.exception(this.run, this.migration, error, NOTHING, "Then roll back again.");
	}

	private LockLostException lockLost(@Nullable SQLException error) {
		return new LockLostException(
				"The lock was no longer held during " + this.migration + ". " + NOTHING + " "
						+ this.run.soFar().get().undone(),
				StatementExecutor.whyLost(this.run) + " Then roll back again.", error);
	}

}
