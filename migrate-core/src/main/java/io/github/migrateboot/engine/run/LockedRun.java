package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.PerMigrationLock;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.RunScopedLock;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.history.History;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.PerTransactionStrategy;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires the lock for an operation and executes it: under one lock from beginning to
 * end, or by turns.
 *
 * @param settings how long to wait
 * @param signal ends a wait
 * @param acquisition waits for the lock
 * @param strategy the lock
 * @param operation what is done under it
 */
record LockedRun(MigratorSettings settings, StopSignal signal, LockAcquisition acquisition, LockStrategy strategy,
		Operation operation) {

	private static final Logger logger = LoggerFactory.getLogger(LockedRun.class);

	/**
	 * Acquire the lock and execute the operation.
	 * @param executor executes statements on the migrating connection
	 * @param history the tables
	 * @param place sees that the tables are the right ones
	 * @param beside opens further connections
	 */
	MigrationReport execute(StatementExecutor executor, History history, HistoryPlaceCheck place,
			ConnectionOpener beside) throws SQLException {
		RunProgress progress = this.operation.progress();
		if (this.strategy instanceof PerTransactionStrategy perTransaction) {
			progress.lockAcquired();
			return execute(executor, history, beside, (turns) -> new PerMigrationLock(perTransaction,
					this.settings.lock(), executor.connection(), this.signal, progress, place.before(turns)));
		}
		Optional<MigrationLock> lock = await(executor, history, progress);
		Duration waited = this.acquisition.waited();
		if (lock.isEmpty()) {
			return this.operation.nothingLeft(waited);
		}
		try (MigrationLock held = lock.get()) {
			progress.lockAcquired();
			place.require();
			return execute(executor, history, beside,
					(turns) -> new RunScopedLock(executor.connection(), held, waited));
		}
	}

	private MigrationReport execute(StatementExecutor executor, History history, ConnectionOpener beside,
			LockScope.Factory locks) throws SQLException {
		executor.session().foreignSql();
		try (RetryPolicy retries = new RetryPolicy(this.settings.statement(), executor.database(),
				executor.database().inspection().blockers(executor.connection(), this.settings.instance()), beside,
				executor.execution().fuse(), this.signal, this.operation.progress()::retried)) {
			return this.operation.execute(executor, history, retries, locks);
		}
	}

	private Optional<MigrationLock> await(StatementExecutor executor, History history, RunProgress progress)
			throws SQLException {
		progress.waiting(null);
		try {
			return this.acquisition.await(this.strategy, executor.session(),
					() -> history.readUnlessBusy(executor.connection()).filter(this.operation::isNeedless).isPresent(),
					(holder) -> progress.waiting(withProgress(executor, holder)));
		}
		finally {
			progress.lockWaited(this.acquisition.waited());
		}
	}

	private static LockHolder withProgress(StatementExecutor executor, LockHolder holder) {
		String id = holder.session();
		if (id == null || holder.statement() == null || !id.matches("[0-9]{1,18}")) {
			return holder;
		}
		try {
			return holder
				.withProgress(executor.database().inspection().progress(executor.connection(), Long.parseLong(id)));
		}
		catch (SQLException ex) {
			logger.debug("The server does not say how far the holder is: {}", SqlErrors.describe(ex));
			return holder;
		}
	}

}
