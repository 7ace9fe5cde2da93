package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.migrateboot.LockedTask.Place;
import io.github.migrateboot.MigrationListener.Outcome;
import io.github.migrateboot.MigratorStatus.Running;
import io.github.migrateboot.RunLock.Work;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.Snapshot;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.SqlRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a rollback does while the lock is held: read the history, find out which
 * migrations are meant, and run their down blocks, the last file's first.
 */
final class LockedRollback {

	private static final Logger logger = LoggerFactory.getLogger(LockedRollback.class);

	private final StatusBoard board;

	private final List<MigrationFile> files;

	private final RunContext context;

	private final Deque<PendingMigration> left = new ArrayDeque<>();

	private final List<String> rolledBack = new ArrayList<>();

	private final SqlRules rules;

	LockedRollback(MigratorSettings settings, StatusBoard board, Place place, List<MigrationFile> files)
			throws SQLException {
		this.board = board;
		this.files = files;
		RunLock lock = place.locks().create(this::read, (history) -> true);
		this.context = place.context(settings, board, lock, this::soFar);
		this.rules = PendingMigrations.rules(this.context.database(), settings.connect());
	}

	MigrationReport execute(@Nullable String to, Supplier<Duration> elapsed) throws SQLException {
		try (Retries retries = this.context.retries()) {
			rollBack(to);
			return report(retries.count(), elapsed.get());
		}
	}

	private void rollBack(@Nullable String to) throws SQLException {
		this.context.execution().requireGoingOn(() -> "Nothing was rolled back.");
		Snapshot history = new HistoryTables(this.context).prepare(false);
		// All of them are read before the first is run.
		this.left.addAll(PendingMigrations.parseDown(this.rules, new RollbackTargets(this.files, to).find(history)));
		if (this.context.database().isPooled()) {
			this.left.forEach(SessionStatements::requireNone);
		}
		int total = this.left.size();
		while (!this.left.isEmpty()) {
			PendingMigration migration = this.left.getFirst();
			this.context.execution().requireGoingOn(() -> migration + " was not begun. " + soFar().undone());
			rollBack(migration, total);
			this.left.removeFirst();
		}
	}

	private MigrationReport report(int retries, Duration took) {
		List<MigrationFile> pending = new Comparison(this.files, read()).pending();
		this.board.pending(pending.size());
		Duration waited = this.context.lock().waited();
		logger
			.info("Rolled back {} migrations in {} ms ({} ms of them waiting for the lock); the next start applies them"
					+ " again if it has their files", this.rolledBack.size(), took.toMillis(), waited.toMillis());
		return new MigrationReport(List.of(), List.of(), this.rolledBack, this.files.size() - pending.size(), retries,
				waited, took);
	}

	private void rollBack(PendingMigration migration, int total) throws SQLException {
		long start = System.nanoTime();
		Running running = new Running(migration.version(), migration.file().name(), 0, migration.statements().size(),
				StatusBoard.now());
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
	private boolean isWhole(PendingMigration migration) {
		return this.context.database().hasTransactionalDdl() && migration.isTransactional()
				&& read().isApplied(migration.version());
	}

	private boolean inOneTransaction(PendingMigration migration) throws SQLException {
		AtomicBoolean done = new AtomicBoolean();
		Tries tries = this.context.retries().of(migration);
		while (true) {
			tries.begin();
			try {
				Work work = () -> done.set(new AtomicReversal(this.context, migration, tries).execute());
				if (this.context.lock().isHeldThroughout()) {
					work.run();
				}
				else {
					this.context.lock().guard(() -> Reversal.isOver(read(), migration.version()), work);
				}
				return done.get();
			}
			catch (SQLException ex) {
				if (!tries.areLeft(ex)) {
					throw ex;
				}
				LockedStatements sql = new LockedStatements(this.context);
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

	private boolean stepwise(PendingMigration migration) throws SQLException {
		Optional<MigrationLock> lock = this.context.lock().hold(migration.version());
		if (lock.isEmpty()) {
			return false;
		}
		try (MigrationLock held = lock.get()) {
			return new StepwiseApplier(this.context.withCondition(held.condition()), false).apply(migration);
		}
	}

	private Snapshot read() {
		try {
			return this.context.reader().read(this.context.connection()).orElseThrow();
		}
		catch (SQLException ex) {
			throw SqlErrors.history("read", this.context.database(), this.context.table(), ex);
		}
	}

	private SoFar soFar() {
		String before = this.rolledBack.isEmpty() ? "No migration was rolled back before it in this run"
				: "Rolled back before it in this run: " + String.join(", ", this.rolledBack);
		return new SoFar(before, "rolled back", Math.max(0, this.left.size() - 1));
	}

}
