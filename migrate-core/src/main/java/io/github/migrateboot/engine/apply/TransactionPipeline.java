package io.github.migrateboot.engine.apply;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntConsumer;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlChannels;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.apply.TransactionRunner.StepFailedException;
import io.github.migrateboot.engine.execution.CancellableExecution;

/**
 * Runs several transactions in one round trip, while the lock is held from the first
 * migration to the last.
 *
 * @param connection the migrating connection
 * @param execution executes what may take long
 */
public record TransactionPipeline(Connection connection, CancellableExecution execution) {

	/**
	 * Return whether a connection can run several transactions in one round trip.
	 */
	public static boolean isSupported(Connection connection) throws SQLException {
		try (SqlChannel channel = SqlChannels.open(connection)) {
			return channel.isPipelined();
		}
	}

	/**
	 * Run the transactions of a group. If a step fails, the transactions before its own
	 * are committed, its own is rolled back, and those behind it are not started.
	 * @param group the transactions
	 * @param committed is told of each commit how many transactions are committed
	 * @throws StepFailedException if a step or the commit of the first transaction failed
	 * that is not committed
	 * @throws SQLException if the first transaction could not be started
	 */
	void run(TransactionGroup group, IntConsumer committed) throws StepFailedException, SQLException {
		this.connection.setAutoCommit(false);
		try (SqlChannel channel = SqlChannels.open(this.connection)) {
			List<String> entries = group.entries().stream().map(BatchEntry::sql).toList();
			this.execution.run(channel::cancel, null, () -> channel.executeAll(entries, (executed) -> {
				if (group.isEnd(executed)) {
					int count = group.committed(executed);
					committed.accept(count);
					if (count < group.size()) {
						this.execution.cancelIfStopped();
					}
				}
			}));
		}
		catch (BatchUpdateException ex) {
			throw failure(group, ex);
		}
		catch (SQLException ex) {
			if (CancellableExecution.isNotBegun(ex)) {
				throw new StepFailedException(StepFailedException.UNKNOWN, ex);
			}
			throw ex;
		}
		finally {
			Transactions.end(this.connection);
		}
	}

	private StepFailedException failure(TransactionGroup group, BatchUpdateException failure) {
		SQLException error = SqlErrors.serverError(failure);
		int executed = failure.getUpdateCounts().length;
		int committed = group.committed(executed);
		if (SqlErrors.isUnanswered(failure) && SqlErrors.isLost(this.connection)) {
			// All had been sent.
			int behind = group.size() - committed - 1;
			return new StepFailedException(StepFailedException.COMMIT, error, behind);
		}
		int step = group.isEnd(executed + 1) ? StepFailedException.COMMIT
				: Math.max(StepFailedException.UNKNOWN, group.step(executed));
		return new StepFailedException(step, error);
	}

}
