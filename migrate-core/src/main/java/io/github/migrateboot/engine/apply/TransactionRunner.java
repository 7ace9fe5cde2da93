package io.github.migrateboot.engine.apply;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlChannels;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.script.SqlStatement;

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
	 * @throws SQLException if the transaction could not be started
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

		private final int behind;

		StepFailedException(int index, SQLException error) {
			this(index, error, 0);
		}

		/**
		 * Create an exception.
		 * @param index which step failed
		 * @param error the error
		 * @param behind how many transactions behind this one may have been committed,
		 * because the answers didn't come
		 */
		StepFailedException(int index, SQLException error, int behind) {
			super(error);
			this.index = index;
			this.error = error;
			this.behind = behind;
		}

		int index() {
			return this.index;
		}

		SQLException error() {
			return this.error;
		}

		int behind() {
			return this.behind;
		}

	}

	/**
	 * Sends many steps, and the commit with the last of them, in one round trip with
	 * PostgreSQL's driver. The server skips what follows a statement that fails, the
	 * commit included.
	 */
	record Batch(Connection connection, LockScope lock, CancellableExecution execution) implements TransactionRunner {

		@Override
		public Turn run(String version, List<BatchEntry> steps) throws StepFailedException, SQLException {
			// Taking the lock inside the transaction is a query, and these come before
			// any.
			int sent = this.lock.isHeldThroughout() ? 0 : settings(steps);
			Turn turn = begin(version, steps.subList(0, sent));
			if (turn != Turn.OURS) {
				return turn;
			}
			List<BatchEntry> rest = new ArrayList<>(steps.subList(sent, steps.size()));
			rest.add(BatchEntry.ours("COMMIT"));
			try (SqlChannel channel = SqlChannels.open(this.connection)) {
				for (List<BatchEntry> batch : BatchSplitter.split(rest)) {
					boolean commits = sent + batch.size() > steps.size();
					send(channel, batch, sent, commits);
					sent += batch.size();
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
				throw new StepFailedException(ex.getUpdateCounts().length, SqlErrors.serverError(ex));
			}
		}

		private void send(SqlChannel channel, List<BatchEntry> batch, int from, boolean commits)
				throws StepFailedException {
			try {
				this.execution.run(channel::cancel, null, () -> send(channel, batch));
			}
			catch (BatchUpdateException ex) {
				int entry = ex.getUpdateCounts().length;
				boolean commit = commits && (entry == batch.size() - 1 || isUnanswered(ex));
				throw new StepFailedException(commit ? StepFailedException.COMMIT : from + entry,
						SqlErrors.serverError(ex));
			}
			catch (SQLException ex) {
				throw new StepFailedException(CancellableExecution.isNotBegun(ex) ? StepFailedException.UNKNOWN : from,
						ex);
			}
		}

		/**
		 * Return whether the commit may have been done although its answer didn't come.
		 */
		private boolean isUnanswered(BatchUpdateException error) {
			return SqlErrors.isUnanswered(error) && SqlErrors.isLost(this.connection);
		}

		private static void send(SqlChannel channel, List<BatchEntry> batch) throws SQLException {
			SqlStatement statement = batch.get(0).isAlone() ? batch.get(0).statement() : null;
			if (statement != null) {
				channel.execute(statement.text(), statement.data());
			}
			else {
				channel.executeAll(batch.stream().map(BatchEntry::sql).toList());
			}
		}

	}

	/**
	 * Sends the steps one by one, after a {@code BEGIN IMMEDIATE}.
	 */
	record OneByOne(StatementExecutor executor, String lockTimeout,
			StepListener listener) implements TransactionRunner {

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
				Transactions.rollBack(this.executor.connection());
				throw new StepFailedException(index, ex);
			}
			catch (RuntimeException | Error ex) {
				Transactions.rollBack(this.executor.connection());
				throw ex;
			}
		}

		private void execute(BatchEntry step) throws SQLException {
			SqlStatement statement = step.statement();
			if (statement == null) {
				execute(step.sql());
			}
			else {
				this.executor.execute(statement);
			}
		}

		private void execute(String sql) throws SQLException {
			try (SqlChannel channel = SqlChannels.open(this.executor.connection())) {
				channel.execute(sql);
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
