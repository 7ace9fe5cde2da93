package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.BatchEntry;
import io.github.migrateboot.engine.apply.MigrationApplier;
import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.apply.StatementMigrator;
import io.github.migrateboot.engine.apply.TransactionRunner;
import io.github.migrateboot.engine.apply.TransactionalMigrator;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.engine.run.LockedTask.Place;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.OutOfOrderMigrationException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationListener.Outcome;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens while the lock is held: create the tables, read the history again, apply
 * what is pending.
 */
final class MigrateOperation {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOperation.class);

	private final MigratorSettings settings;

	private final StatusPublisher board;

	private final PendingCheck look;

	private final RunContext context;

	private final MigrationLoader migrations;

	private final Deque<MigrationFile> left = new ArrayDeque<>();

	private final List<String> applied = new ArrayList<>();

	private final List<String> baselined = new ArrayList<>();

	private final Set<String> resumed = new HashSet<>();

	private final Set<String> journalled = new HashSet<>();

	MigrateOperation(MigratorSettings settings, StatusPublisher board, Place place, PendingCheck look,
			MigrationLoader migrations) throws SQLException {
		this.settings = settings;
		this.board = board;
		this.look = look;
		this.migrations = migrations;
		LockScope lock = place.locks().create(this::read, this::inspect);
		this.context = place.context(settings, board, lock, this::soFar);
	}

	MigrationReport execute(Supplier<Duration> elapsed) throws SQLException {
		try (RetryPolicy retries = this.context.retries()) {
			applyPending();
			return report(retries.count(), elapsed.get());
		}
	}

	private void applyPending() throws SQLException {
		this.context.execution().requireGoingOn(() -> "Nothing was begun.");
		HistorySnapshot first = this.look.history();
		HistorySnapshot history = new HistoryTables(this.context).prepare(first != null && !first.tableExists());
		this.baselined.addAll(recordBaseline(history));
		this.journalled.addAll(history.journal().keySet());
		Set<String> done = new HashSet<>(history.versions());
		done.addAll(this.baselined);
		this.migrations.files().stream().filter((file) -> !done.contains(file.version())).forEach(this.left::add);
		if (this.context.lock().isHeldThroughout()) {
			inspect(history);
		}
		applyAll();
	}

	private MigrationReport report(int retries, Duration took) {
		Duration waited = this.context.lock().waited();
		int before = this.look.files().size() - this.applied.size() - this.baselined.size();
		MigrationReport report = new MigrationReport(this.applied, this.baselined, List.of(), before, retries, waited,
				took);
		if (this.applied.isEmpty() && this.baselined.isEmpty()) {
			logger.info("Nothing left to migrate: another instance has applied what was pending");
			return report;
		}
		logger.info("Applied {} migrations in {} ms ({} ms of them waiting for the lock)", this.applied.size(),
				report.took().toMillis(), waited.toMillis());
		return report;
	}

	private HistorySnapshot read() {
		try {
			return this.context.reader().read(this.context.connection()).orElseThrow();
		}
		catch (SQLException ex) {
			throw SqlErrors.history("read", this.context.database(), this.context.table(), ex);
		}
	}

	/**
	 * Stop before anything is applied that must not be, and find out what goes on where
	 * it was left. While others may be at work, the history says nothing about that: it
	 * takes the lock.
	 * @return whether the migration whose turn it is starts at its first statement
	 */
	private boolean inspect(HistorySnapshot history) {
		requireOrder(this.look.files(), history);
		try {
			planResumes(history);
		}
		catch (SQLException ex) {
			throw SqlErrors.history("read", this.context.database(), this.context.table(), ex);
		}
		return this.left.isEmpty() || !this.resumed.contains(this.left.getFirst().version());
	}

	private List<String> recordBaseline(HistorySnapshot history) throws SQLException {
		Baseline baseline = new Baseline(this.context, this.settings.baseline());
		if (!baseline.isDue(history)) {
			return List.of();
		}
		LockScope lock = this.context.lock();
		List<String> recorded = new ArrayList<>();
		lock.guard(() -> !baseline.isDue(read()),
				() -> recorded.addAll(baseline.record(this.look.files(), lock.isHeldThroughout() ? history : read())));
		return recorded;
	}

	private void requireOrder(List<MigrationFile> files, HistorySnapshot history) {
		if (!this.settings.strict() || this.left.isEmpty()) {
			return;
		}
		Optional<String> newest = files.stream()
			.map(MigrationFile::version)
			.filter(history::isApplied)
			.max(String::compareTo);
		MigrationFile first = this.left.getFirst();
		if (newest.isPresent() && first.version().compareTo(newest.get()) <= 0) {
			throw new OutOfOrderMigrationException("Migration " + first.name() + " is pending although " + newest.get()
					+ ", which is newer, is applied, and migrate.strict is on. Nothing was applied in this run.",
					"Rename the file to a version above " + newest.get()
							+ ", or set migrate.strict to false to apply late files.");
		}
	}

	/**
	 * Find out where the migrations go on that were begun before, so that one that cannot
	 * stops the run before anything is changed.
	 */
	private void planResumes(HistorySnapshot history) throws SQLException {
		for (MigrationFile file : this.left) {
			Optional<JournalProgress> progress = history.unfinished(file.version());
			if (progress.isPresent() && progress.get().isOpen()
					&& !ResumePlanner.plan(this.context, this.migrations.get(file)).isClean()) {
				this.resumed.add(file.version());
			}
		}
	}

	private void applyAll() throws SQLException {
		Connection connection = this.context.connection();
		Database database = this.context.database();
		TransactionRunner transaction = database.has(Capability.PIPELINED_BATCHES)
				? new TransactionRunner.Batch(connection, this.context.lock(), this.context.execution())
				: new TransactionRunner.OneByOne(connection, this.context.execution(),
						database.limits().lockWait(this.settings.statement().lockTimeout(), false),
						this.settings.statement().timeout(), this::beforeStep);
		try {
			applyAll(new TransactionalMigrator(this.context, transaction));
		}
		finally {
			// Left open by the last one.
			Transactions.end(connection);
		}
		this.board.pending(0);
	}

	private void applyAll(MigrationApplier atomic) throws SQLException {
		int number = 0;
		int total = this.left.size();
		while (!this.left.isEmpty()) {
			MigrationFile file = this.left.getFirst();
			this.context.execution().requireGoingOn(() -> file.name() + " was not begun. " + soFar().undone());
			Migration migration = this.migrations.take(file);
			number++;
			long start = System.nanoTime();
			this.board.pending(this.left.size());
			Running running = new Running(migration.version(), migration.file().name(), 0,
					migration.statements().size(), StatusPublisher.now());
			this.board.begun(running);
			boolean done = observe(running, () -> apply(migration, atomic));
			this.left.removeFirst();
			long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
			if (done) {
				this.applied.add(migration.version());
				logger.info("Applied {} (migration {} of {}) in {} ms", migration, number, total, millis);
			}
			else {
				logger.info("{} (migration {} of {}) was applied by another program or instance meanwhile", migration,
						number, total);
			}
		}
	}

	private boolean apply(Migration migration, MigrationApplier atomic) throws SQLException {
		boolean whole = this.context.database().has(Capability.TRANSACTIONAL_DDL) && migration.isTransactional()
				&& !this.resumed.contains(migration.version());
		boolean done = whole ? atomic.apply(migration) : applyStepwise(migration);
		// Which may only be found out when its turn has come.
		return (!done && whole && this.resumed.contains(migration.version())) ? applyStepwise(migration) : done;
	}

	private boolean observe(Running running, Work work) throws SQLException {
		long start = System.nanoTime();
		try {
			boolean done = work.run();
			Duration took = Duration.ofNanos(System.nanoTime() - start);
			this.board.ended(running, done ? Outcome.APPLIED : Outcome.ELSEWHERE, took, null);
			return done;
		}
		catch (SQLException | RuntimeException ex) {
			this.board.ended(running, Outcome.FAILED, Duration.ofNanos(System.nanoTime() - start),
					(ex instanceof MigrationException failure) ? failure : null);
			throw ex;
		}
	}

	private boolean applyStepwise(Migration migration) throws SQLException {
		Optional<MigrationLock> lock = this.context.lock().hold(migration.version());
		if (lock.isEmpty()) {
			return false;
		}
		try (MigrationLock held = lock.get()) {
			boolean fresh = this.context.lock().isHeldThroughout() && !this.journalled.contains(migration.version());
			return new StatementMigrator(this.context.withCondition(held.condition()), fresh).apply(migration);
		}
	}

	private void beforeStep(BatchEntry step) {
		if (step.statement() != null) {
			this.board.statement(step.statement().number());
		}
	}

	/**
	 * Applies a migration.
	 */
	@FunctionalInterface
	private interface Work {

		boolean run() throws SQLException;

	}

	private RunSummary soFar() {
		String before = this.applied.isEmpty() ? "No migration was applied before it in this run"
				: "Applied before it in this run and recorded: " + String.join(", ", this.applied);
		return new RunSummary(before, "applied", Math.max(0, this.left.size() - 1));
	}

}
