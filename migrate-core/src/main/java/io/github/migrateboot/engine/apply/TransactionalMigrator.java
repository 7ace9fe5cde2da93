package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.apply.TransactionRunner.StepFailedException;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.MigrationException;
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

	private final StatementExecutor executor;

	private final LockedHistory history;

	private final RetryPolicy retries;

	private final RunProgress progress;

	private final TransactionRunner transaction;

	private final @Nullable TransactionPipeline pipeline;

	private final TransactionSteps steps;

	/** What is to be sent next, made while the server was at work. */
	private @Nullable TransactionGroup ahead;

	/**
	 * Create a migrator.
	 * @param executor executes our own statements between two attempts
	 * @param history the history
	 * @param retries how often a migration may be retried
	 * @param progress where the run is
	 * @param transaction runs the statements
	 * @param pipeline runs several migrations at once, or {@code null}
	 * @param journalled the versions about which the journal may know something
	 */
	public TransactionalMigrator(StatementExecutor executor, LockedHistory history, RetryPolicy retries,
			RunProgress progress, TransactionRunner transaction, @Nullable TransactionPipeline pipeline,
			Set<String> journalled) {
		this.executor = executor;
		this.history = history;
		this.retries = retries;
		this.progress = progress;
		this.transaction = transaction;
		this.pipeline = pipeline;
		this.steps = new TransactionSteps(executor, history, journalled);
	}

	/**
	 * Apply the first of some migrations, and as many of those behind it as can be sent
	 * with it. The progress is told of each when its turn has come.
	 * @param upcoming the migrations, of which there is at least one
	 * @return what has become of the last migration whose turn has come;
	 * {@link Turn#OURS} if it was applied
	 * @throws MigrationException if that one failed
	 * @throws SQLException if the history cannot be used
	 */
	public Turn apply(Upcoming upcoming) throws SQLException {
		Migration migration = Objects.requireNonNull(upcoming.get(0), "Nothing is to be applied");
		TransactionGroup made = this.ahead;
		this.ahead = null;
		TransactionGroup group = (made != null && made.beginsWith(migration)) ? made : group(migration, upcoming, 0);
		if (this.pipeline == null || group.size() == 1) {
			return apply(group.transactions().get(0), new RetryAttempts(this.retries, migration));
		}
		return apply(group, upcoming, this.pipeline);
	}

	/**
	 * Return a migration, and those that can be sent with it.
	 */
	private TransactionGroup group(Migration first, Upcoming upcoming, int index) {
		TransactionGroup group = new TransactionGroup(this.steps.of(first));
		Migration next = (this.pipeline != null && TransactionGroup.mayShare(first)) ? upcoming.get(index + 1) : null;
		while (next != null && TransactionGroup.mayShare(next) && group.add(this.steps.of(next, group.last()))) {
			next = upcoming.get(index + group.size());
		}
		return group;
	}

	private Turn apply(TransactionGroup group, Upcoming upcoming, TransactionPipeline pipeline) throws SQLException {
		Together together = new Together(group.transactions(), upcoming);
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
			throw new TransactionFailure(this.executor, this.history, this.progress, transaction, tries, failure)
				.toException();
		}
		// What the file has set outside its transaction is still there.
		this.executor.restoreSession();
		tries.pause(failure.error(), this.executor::beat, TransactionFailure.NEXT);
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

	private boolean isRecordedByOthers(Migration migration) {
		if (SqlErrors.isLost(this.executor.connection())) {
			return false;
		}
		return this.history.read().isApplied(migration.version());
	}

	/**
	 * Which migration of several that were sent together the server is at.
	 */
	private final class Together implements IntConsumer {

		private final List<MigrationTransaction> transactions;

		private MigrationTransaction at;

		private RetryAttempts tries;

		private final Upcoming upcoming;

		Together(List<MigrationTransaction> transactions, Upcoming upcoming) {
			this.transactions = transactions;
			this.upcoming = upcoming;
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
			if (committed == 1) {
				lookAhead();
			}
		}

		/**
		 * While the server is at the others, prepare what is sent after them.
		 */
		private void lookAhead() {
			try {
				Migration next = this.upcoming.get(this.transactions.size());
				if (next != null) {
					TransactionalMigrator.this.ahead = group(next, this.upcoming, this.transactions.size());
				}
			}
			catch (MigrationException ex) {
				logger.debug("It will be said when its turn has come", ex);
			}
		}

	}

}
