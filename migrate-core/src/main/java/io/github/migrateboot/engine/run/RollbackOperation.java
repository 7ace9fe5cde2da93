package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.engine.apply.StatementMigrator;
import io.github.migrateboot.engine.apply.TransactionalRollback;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.LockScope.Work;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.engine.plan.PooledSessionCheck;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.engine.run.LockedTask.Place;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationListener.Outcome;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a rollback does while the lock is held: read the history, find out which
 * migrations are meant, and run their down blocks, the last file's first.
 */
final class RollbackOperation {

	private static final Logger logger = LoggerFactory.getLogger(RollbackOperation.class);

	private final StatusPublisher board;

	private final List<MigrationFile> files;

	private final RunContext context;

	private final Deque<Migration> left = new ArrayDeque<>();

	private final List<String> rolledBack = new ArrayList<>();

	RollbackOperation(MigratorSettings settings, StatusPublisher board, Place place, List<MigrationFile> files)
			throws SQLException {
		this.board = board;
		this.files = files;
		LockScope lock = place.locks().create(this::read, (history) -> true);
		this.context = place.context(settings, board, lock, this::soFar);
	}

	MigrationReport execute(@Nullable String to, Supplier<Duration> elapsed) throws SQLException {
		try (RetryPolicy retries = this.context.retries()) {
			rollBack(to);
			return report(retries.count(), elapsed.get());
		}
	}

	private void rollBack(@Nullable String to) throws SQLException {
		this.context.execution().requireGoingOn(() -> "Nothing was rolled back.");
		HistorySnapshot history = new HistoryTables(this.context).prepare(false);
		// All of them are read before the first is run.
		this.left.addAll(
				MigrationLoader.parseDown(this.context.database(), new RollbackTargets(this.files, to).find(history)));
		if (this.context.database().isPooled()) {
			this.left.forEach(PooledSessionCheck::requireNone);
		}
		int total = this.left.size();
		while (!this.left.isEmpty()) {
			Migration migration = this.left.getFirst();
			this.context.execution().requireGoingOn(() -> migration + " was not begun. " + soFar().undone());
			rollBack(migration, total);
			this.left.removeFirst();
		}
	}

	private MigrationReport report(int retries, Duration took) {
		List<MigrationFile> pending = new HistoryComparison(this.files, read()).pending();
		this.board.pending(pending.size());
		Duration waited = this.context.lock().waited();
		logger
			.info("Rolled back {} migrations in {} ms ({} ms of them waiting for the lock); the next start applies them"
					+ " again if it has their files", this.rolledBack.size(), took.toMillis(), waited.toMillis());
		return new MigrationReport(List.of(), List.of(), this.rolledBack, this.files.size() - pending.size(), retries,
				waited, took);
	}

	private void rollBack(Migration migration, int total) throws SQLException {
		long start = System.nanoTime();
		Running running = new Running(migration.version(), migration.file().name(), 0, migration.statements().size(),
				StatusPublisher.now());
		this.board.begun(running);
		try {
			boolean done = isWhole(migration) ? inOneTransaction(migration) : stepwise(migration);
			Duration took = Duration.ofNanos(System.nanoTime() - start);
			this.board.ended(running, done ? Outcome.ROLLED_BACK : Outcome.ELSEWHERE, took, null);
			if (done) {
				this.rolledBack.add(migration.version());
				logger.info("Rolled back {} (migration {} of {}) in {} ms", migration.file().name(),
						this.rolledBack.size(), total, took.toMillis());
			}
			else {
				logger.info("{} was rolled back by another program or instance meanwhile", migration.file().name());
			}
		}
		catch (SQLException | RuntimeException ex) {
			this.board.ended(running, Outcome.FAILED, Duration.ofNanos(System.nanoTime() - start),
					(ex instanceof MigrationException failure) ? failure : null);
			throw ex;
		}
		if (migration.statements().isEmpty()) {
			logger.warn("{} has an empty down block: only its record was removed", migration.file().name());
		}
	}

	/**
	 * One whose rollback was begun before goes on in parts.
	 */
	private boolean isWhole(Migration migration) {
		return this.context.database().has(Capability.TRANSACTIONAL_DDL) && migration.isTransactional()
				&& read().isApplied(migration.version());
	}

	private boolean inOneTransaction(Migration migration) throws SQLException {
		AtomicBoolean done = new AtomicBoolean();
		RetryAttempts tries = new RetryAttempts(this.context.retries(), migration);
		while (true) {
			tries.begin();
			try {
				Work work = () -> done.set(new TransactionalRollback(this.context, migration, tries).execute());
				if (this.context.lock().isHeldThroughout()) {
					work.run();
				}
				else {
					this.context.lock().guard(() -> RecordRemoval.isOver(read(), migration.version()), work);
				}
				return done.get();
			}
			catch (SQLException ex) {
				if (!tries.areLeft(ex)) {
					throw ex;
				}
				StatementExecutor sql = new StatementExecutor(this.context);
				for (String reset : this.context.sessionReset()) {
					sql.execute(reset);
				}
				tries.pause(ex, () -> sql.execute("SELECT 1"), "it counts as applied, as before.");
			}
			finally {
				tries.end();
			}
		}
	}

	private boolean stepwise(Migration migration) throws SQLException {
		Optional<MigrationLock> lock = this.context.lock().hold(migration.version());
		if (lock.isEmpty()) {
			return false;
		}
		try (MigrationLock held = lock.get()) {
			return new StatementMigrator(this.context.withCondition(held.condition()), false).apply(migration);
		}
	}

	private HistorySnapshot read() {
		try {
			return this.context.reader().read(this.context.connection()).orElseThrow();
		}
		catch (SQLException ex) {
			throw SqlErrors.history("read", this.context.database(), this.context.table(), ex);
		}
	}

	private RunSummary soFar() {
		String before = this.rolledBack.isEmpty() ? "No migration was rolled back before it in this run"
				: "Rolled back before it in this run: " + String.join(", ", this.rolledBack);
		return new RunSummary(before, "rolled back", Math.max(0, this.left.size() - 1));
	}

}
