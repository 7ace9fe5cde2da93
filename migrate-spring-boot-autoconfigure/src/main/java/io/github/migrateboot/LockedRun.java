package io.github.migrateboot;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.github.migrateboot.MigrationRun.FirstLook;
import io.github.migrateboot.MigratorStatus.Running;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.OutOfOrderMigrationException;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.Progress;
import io.github.migrateboot.history.Snapshot;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.MigrationFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens while the lock is held: create the tables, read the history again, apply
 * what is pending.
 */
final class LockedRun {

	private static final Logger logger = LoggerFactory.getLogger(LockedRun.class);

	private final MigratorSettings settings;

	private final StatusBoard board;

	private final RunContext context;

	private final List<PendingMigration> left = new ArrayList<>();

	private final List<String> applied = new ArrayList<>();

	private final Set<String> resumed = new HashSet<>();

	LockedRun(MigratorSettings settings, StatusBoard board, RunSession session, TableName table, HistoryReader reader,
			MigrationLock lock) {
		this.settings = settings;
		this.board = board;
		Database database = session.server().database();
		HistoryWriter writer = new HistoryWriter(database, table, lock.condition());
		this.context = new RunContext(session.connection(), database, table, reader, writer,
				session.state().betweenMigrations(), settings.instance(), settings.resolve(), board, this::soFar);
	}

	MigrationReport execute(FirstLook look, List<PendingMigration> migrations, Duration waited,
			Supplier<Duration> elapsed) throws SQLException {
		Snapshot first = look.history();
		Snapshot history = new HistoryTables(this.context).prepare(first != null && !first.tableExists());
		List<String> baselined = new Baseline(this.context, this.settings.baseline()).record(look.files(), history);
		Set<String> done = new HashSet<>(history.versions());
		done.addAll(baselined);
		migrations.stream().filter((migration) -> !done.contains(migration.version())).forEach(this.left::add);
		requireOrder(look.files(), history);
		planResumes(history);
		applyAll();
		int before = look.files().size() - this.applied.size() - baselined.size();
		MigrationReport report = new MigrationReport(this.applied, baselined, before, waited, elapsed.get());
		if (this.applied.isEmpty() && baselined.isEmpty()) {
			logger.info("Nothing left to migrate: another instance has applied what was pending");
			return report;
		}
		logger.info("Applied {} migrations in {} ms ({} ms of them waiting for the lock)", this.applied.size(),
				report.took().toMillis(), waited.toMillis());
		return report;
	}

	private void requireOrder(List<MigrationFile> files, Snapshot history) {
		if (!this.settings.strict() || this.left.isEmpty()) {
			return;
		}
		Optional<String> newest = files.stream()
			.map(MigrationFile::version)
			.filter(history::isApplied)
			.max(String::compareTo);
		PendingMigration first = this.left.get(0);
		if (newest.isPresent() && first.version().compareTo(newest.get()) <= 0) {
			throw new OutOfOrderMigrationException("Migration " + first + " is pending although " + newest.get()
					+ ", which is newer, is applied, and migrate.strict is on. Nothing was applied in this run.",
					"Rename the file to a version above " + newest.get()
							+ ", or set migrate.strict to false to apply late files.");
		}
	}

	/**
	 * Find out where the migrations go on that were begun before, so that one that cannot
	 * stops the run before anything is changed.
	 */
	private void planResumes(Snapshot history) throws SQLException {
		for (PendingMigration migration : this.left) {
			Optional<Progress> progress = history.unfinished(migration.version());
			if (progress.isPresent() && progress.get().isOpen()
					&& !ResumePlanner.plan(this.context, migration).isClean()) {
				this.resumed.add(migration.version());
			}
		}
	}

	private void applyAll() throws SQLException {
		Connection connection = this.context.connection();
		Database database = this.context.database();
		TransactionRunner transaction = database.pipelinesBatches() ? new TransactionRunner.Batch(connection)
				: new TransactionRunner.OneByOne(connection, this::beforeStep);
		MigrationApplier atomic = new AtomicApplier(this.context, transaction);
		MigrationApplier stepwise = new StepwiseApplier(this.context);
		int number = 0;
		int total = this.left.size();
		while (!this.left.isEmpty()) {
			PendingMigration migration = this.left.get(0);
			number++;
			long start = System.nanoTime();
			this.board.pending(this.left.size());
			this.board.migrating(new Running(migration.version(), migration.file().name(), 0,
					migration.statements().size(), StatusBoard.now()));
			boolean whole = database.hasTransactionalDdl() && migration.isTransactional()
					&& !this.resumed.contains(migration.version());
			boolean done = (whole ? atomic : stepwise).apply(migration);
			this.left.remove(0);
			long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
			if (done) {
				this.applied.add(migration.version());
				logger.info("Applied {} ({} of {}) in {} ms", migration, number, total, millis);
			}
			else {
				logger.info("{} ({} of {}) was applied by another program meanwhile", migration, number, total);
			}
		}
		this.board.pending(0);
	}

	private void beforeStep(Step step) {
		if (step.statement() != null) {
			this.board.statement(step.statement().number());
		}
	}

	private String soFar() {
		String before = this.applied.isEmpty() ? "No migration was applied before it in this run"
				: "Applied before it in this run and recorded: " + String.join(", ", this.applied);
		int after = Math.max(0, this.left.size() - 1);
		return before + "; not applied: this one" + ((after > 0) ? " and " + after + " after it." : ".");
	}

}
