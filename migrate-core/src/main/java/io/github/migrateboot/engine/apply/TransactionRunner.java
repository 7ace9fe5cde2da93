package io.github.migrateboot.engine.apply;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.connection.ServerNotices;
import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.Turn;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of a migration in one transaction.
 */
public interface TransactionRunner {

	/**
	 * Run all steps and commit; roll back if one fails.
	 * @param version the migration that they belong to
	 * @param steps the steps
	 * @return {@link Turn#OURS} if all were run; otherwise nothing was
	 * @throws StepFailedException if a step or the commit failed
	 * @throws SQLException if the transaction could not be begun
	 */
	Turn run(String version, List<BatchEntry> steps) throws StepFailedException, SQLException;

	/**
	 * A step failed and the transaction was rolled back.
	 */
	final class StepFailedException extends Exception {

		/**
		 * The index of a step that is not known.
		 */
		static final int UNKNOWN = -1;

		/**
		 * In place of an index: the commit failed.
		 */
		static final int COMMIT = -2;

		private final int index;

		private final SQLException error;

		StepFailedException(int index, SQLException error) {
			super(error);
			this.index = index;
			this.error = error;
		}

		int index() {
			return this.index;
		}

		SQLException error() {
			return this.error;
		}

	}

	/**
	 * Sends all steps and the commit in one batch: one round trip with PostgreSQL's
	 * driver. The server skips what follows a statement that fails, the commit included.
	 */
	record Batch(Connection connection, LockScope lock, CancellableExecution execution) implements TransactionRunner {

		// "Batch entry 3 …", in whatever language and digits the driver speaks.
		private static final Pattern ENTRY = Pattern.compile("\\p{Nd}+");

		// From 1,000 on the driver groups the digits of the entry's number as the
		// language does.
		private static final int MAX_ENTRIES = 500;

		@Override
		public Turn run(String version, List<BatchEntry> steps) throws StepFailedException, SQLException {
			// Taking the lock inside the transaction is a query, and these come before
			// any.
			int first = this.lock.isHeldThroughout() ? 0 : settings(steps);
			Turn turn = begin(version, steps.subList(0, first));
			if (turn != Turn.OURS) {
				return turn;
			}
			try (Statement statement = this.connection.createStatement()) {
				statement.setEscapeProcessing(false);
				for (int from = first; from < steps.size(); from += MAX_ENTRIES) {
					int to = Math.min(from + MAX_ENTRIES, steps.size());
					execute(statement, steps.subList(from, to), from, to == steps.size());
				}
				return turn;
			}
			finally {
				Transactions.end(this.connection);
			}
		}

		private static int settings(List<BatchEntry> steps) {
			int count = 0;
			while (count < steps.size() && steps.get(count).isTransactionSetting()) {
				count++;
			}
			return count;
		}

		private Turn begin(String version, List<BatchEntry> first) throws StepFailedException, SQLException {
			try {
				return this.lock.begin(version, first.stream().map(BatchEntry::sql).toList());
			}
			catch (BatchUpdateException ex) {
				throw new StepFailedException(failedEntry(ex, first.size()), ex);
			}
		}

		private void execute(Statement statement, List<BatchEntry> steps, int from, boolean commit)
				throws StepFailedException, SQLException {
			for (BatchEntry step : steps) {
				statement.addBatch(step.sql());
			}
			if (commit) {
				statement.addBatch("COMMIT");
			}
			try {
				this.execution.run(statement::cancel, null, statement::executeBatch);
			}
			catch (BatchUpdateException ex) {
				if (commit && mayBeCommitted(ex, steps.size())) {
					throw new StepFailedException(StepFailedException.COMMIT, ex);
				}
				int entry = failedEntry(ex, steps.size());
				throw new StepFailedException((entry >= 0) ? from + entry : entry, ex);
			}
			catch (SQLException ex) {
				throw new StepFailedException(commit ? StepFailedException.COMMIT : StepFailedException.UNKNOWN, ex);
			}
			ServerNotices.log(statement);
		}

		/**
		 * Return whether the commit failed, or may have been done before an answer was
		 * lost.
		 */
		private boolean mayBeCommitted(BatchUpdateException ex, int steps) {
			return SqlErrors.isUnanswered(ex) || failedEntry(ex, Integer.MAX_VALUE) >= steps;
		}

		// The update counts do not tell: pgjdbc reports every entry of the batch as
		// failed.
		private int failedEntry(BatchUpdateException ex, int steps) {
			Matcher matcher = ENTRY.matcher(String.valueOf(ex.getMessage()));
			int entry = matcher.find() ? Integer.parseInt(matcher.group()) : StepFailedException.UNKNOWN;
			return (entry < steps) ? entry : StepFailedException.UNKNOWN;
		}

	}

	/**
	 * Sends the steps one by one, after a {@code BEGIN IMMEDIATE}.
	 */
	record OneByOne(Connection connection, CancellableExecution execution, String lockTimeout,
			@Nullable Duration timeout, StepListener listener) implements TransactionRunner {

		@Override
		public Turn run(String version, List<BatchEntry> steps) throws StepFailedException, SQLException {
			// A commit that waits for readers keeps new ones out.
			execute(this.lockTimeout);
			int index = StepFailedException.UNKNOWN;
			try {
				execute("BEGIN IMMEDIATE");
				for (index = 0; index < steps.size(); index++) {
					BatchEntry step = steps.get(index);
					this.listener.beforeStep(step);
					execute(step);
				}
				index = StepFailedException.COMMIT;
				execute(this.lockTimeout);
				execute("COMMIT");
				return Turn.OURS;
			}
			catch (SQLException ex) {
				Transactions.rollBack(this.connection);
				throw new StepFailedException(index, ex);
			}
			catch (RuntimeException | Error ex) {
				Transactions.rollBack(this.connection);
				throw ex;
			}
		}

		private void execute(BatchEntry step) throws SQLException {
			if (step.statement() == null) {
				execute(step.sql());
				return;
			}
			try (Statement statement = this.connection.createStatement()) {
				statement.setEscapeProcessing(false);
				this.execution.run(statement::cancel, this.timeout, () -> statement.execute(step.sql()));
				ServerNotices.log(statement);
			}
		}

		private void execute(String sql) throws SQLException {
			try (Statement statement = this.connection.createStatement()) {
				statement.setEscapeProcessing(false);
				statement.execute(sql);
				ServerNotices.log(statement);
			}
		}

	}

	/**
	 * Is told before each step.
	 */
	@FunctionalInterface
	interface StepListener {

		void beforeStep(BatchEntry step);

	}

}
