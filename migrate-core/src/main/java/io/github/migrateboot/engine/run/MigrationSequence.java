package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.BatchEntry;
import io.github.migrateboot.engine.apply.ObservedTransaction;
import io.github.migrateboot.engine.apply.TransactionPipeline;
import io.github.migrateboot.engine.apply.TransactionRunner;
import io.github.migrateboot.engine.apply.TransactionalMigrator;
import io.github.migrateboot.engine.apply.Upcoming;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.MigrationFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies migrations one after the other: each as a whole where that is possible, and
 * otherwise statement by statement.
 *
 * @param executor executes statements
 * @param history the history
 * @param retries how often a migration may be retried
 * @param progress where the run is
 * @param byStatement runs what cannot be run as a whole
 */
record MigrationSequence(StatementExecutor executor, LockedHistory history, RetryPolicy retries, RunProgress progress,
		ByStatement byStatement) {

	private static final Logger logger = LoggerFactory.getLogger(MigrationSequence.class);

	/**
	 * Apply what is left.
	 * @param loader reads the files
	 * @param resumed the versions that are known to be resumed by statement
	 * @param journalled the versions about which the journal may know something
	 */
	void applyAll(MigrationLoader loader, Set<String> resumed, Set<String> journalled) throws SQLException {
		TransactionalMigrator whole = new TransactionalMigrator(this.executor, this.history, this.retries,
				this.progress, transactions(), pipeline(), journalled);
		List<MigrationFile> files = List.copyOf(this.progress.left());
		try {
			this.progress.each((file) -> {
				this.executor.execution()
					.requireGoingOn(() -> file.name() + " was not started. " + this.progress.summary().undone());
				Migration migration = loader.get(file);
				this.progress.run(migration, () -> observed(migration, () -> apply(migration,
						upcoming(files, loader, resumed), whole, !journalled.contains(migration.version()))),
						(ended, took) -> {
							loader.release(ended.file());
							log(ended, took);
						});
			});
		}
		finally {
			// Left open by the last one.
			Transactions.end(this.executor.connection());
		}
	}

	/**
	 * Return the migrations that come next, as far as they can be run as a whole.
	 */
	private Upcoming upcoming(List<MigrationFile> files, MigrationLoader loader, Set<String> resumed) {
		int first = files.size() - this.progress.left().size();
		return (index) -> {
			Migration migration = (first + index < files.size()) ? loader.get(files.get(first + index)) : null;
			return (migration != null && isWhole(migration, resumed)) ? migration : null;
		};
	}

	private TransactionRunner transactions() {
		Database database = this.executor.database();
		if (!database.has(Capability.PIPELINED_BATCHES)) {
			Duration lockTimeout = this.executor.settings().lockTimeout();
			return new TransactionRunner.OneByOne(this.executor, database.limits().lockWait(lockTimeout, false),
					this::beforeStep);
		}
		return this.executor.observer().isPresent()
				? new ObservedTransaction(this.executor, this.history.lock(), this::beforeStep)
				: new TransactionRunner.Batch(this.executor.connection(), this.history.lock(),
						this.executor.execution());
	}

	private void beforeStep(BatchEntry step) {
		if (step.statement() != null) {
			this.progress.statement(step.statement().number());
		}
	}

	private @Nullable TransactionPipeline pipeline() throws SQLException {
		Connection connection = this.executor.connection();
		// Whoever takes turns looks at the history between two migrations.
		boolean together = !this.executor.observer().isPresent()
				&& this.executor.database().has(Capability.PIPELINED_BATCHES) && this.history.lock().isHeldThroughout()
				&& TransactionPipeline.isSupported(connection);
		return together ? new TransactionPipeline(connection, this.executor.execution()) : null;
	}

	private boolean isWhole(Migration migration, Set<String> resumed) {
		return this.executor.database().has(Capability.TRANSACTIONAL_DDL) && migration.isTransactional()
				&& !resumed.contains(migration.version());
	}

	private boolean observed(Migration migration, RunProgress.Work work) throws SQLException {
		StatementObserver observer = this.executor.observer();
		if (!observer.isPresent()) {
			return work.run();
		}
		Connection connection = this.executor.connection();
		Transactions.end(connection);
		observer.beforeFile(connection, migration.file(), migration.script());
		boolean ours = work.run();
		Transactions.end(connection);
		if (ours) {
			observer.afterFile(connection, migration.file());
		}
		return ours;
	}

	private boolean apply(Migration migration, Upcoming upcoming, TransactionalMigrator whole, boolean fresh)
			throws SQLException {
		if (upcoming.get(0) != null) {
			Turn turn = whole.apply(upcoming);
			if (turn != Turn.BY_STATEMENT) {
				return turn == Turn.OURS;
			}
		}
		return this.byStatement.run(migration, fresh);
	}

	private void log(Migration migration, Optional<Duration> took) {
		int number = this.progress.total() - this.progress.left().size();
		if (took.isPresent()) {
			logger.info("Applied {} (migration {} of {}) in {} ms", migration, number, this.progress.total(),
					took.get().toMillis());
		}
		else {
			logger.info("{} (migration {} of {}) was applied by another program or instance meanwhile", migration,
					number, this.progress.total());
		}
	}

}
