package io.github.migrateboot.engine.apply;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.script.SqlStatement;

/**
 * Sends the steps of a transaction one by one, because somebody stands around its
 * statements. He is not told of those that set the transaction: nothing may be asked
 * before them.
 *
 * @param executor executes statements, and knows who stands around them
 * @param lock the lock
 * @param listener is told before each step
 */
public record ObservedTransaction(StatementExecutor executor, LockScope lock,
		StepListener listener) implements TransactionRunner {

	@Override
	public Turn run(String version, List<BatchEntry> steps) throws StepFailedException, SQLException {
		// Taking the lock inside the transaction is a query, and these come before any.
		int sent = this.lock.isHeldThroughout() ? 0
				: (int) steps.stream().takeWhile(BatchEntry::isTransactionSetting).count();
		Turn turn = begin(version, steps.subList(0, sent));
		if (turn != Turn.OURS) {
			return turn;
		}
		int index = sent;
		try {
			while (index < steps.size()) {
				execute(steps.get(index));
				index++;
			}
			index = StepFailedException.COMMIT;
			this.executor.connection().commit();
			return Turn.OURS;
		}
		catch (SQLException ex) {
			throw new StepFailedException(index, SqlErrors.serverError(ex));
		}
		finally {
			Transactions.end(this.executor.connection());
		}
	}

	private Turn begin(String version, List<BatchEntry> first) throws StepFailedException, SQLException {
		try {
			return this.lock.begin(version, first.stream().map(BatchEntry::sql).toList());
		}
		catch (BatchUpdateException ex) {
			throw new StepFailedException(ex.getUpdateCounts().length, SqlErrors.serverError(ex));
		}
	}

	private void execute(BatchEntry step) throws SQLException {
		SqlStatement statement = step.statement();
		this.listener.beforeStep(step);
		if (statement == null || step.isTransactionSetting()) {
			this.executor.execute(step.sql());
		}
		else {
			this.executor.execute(statement);
		}
	}

}
