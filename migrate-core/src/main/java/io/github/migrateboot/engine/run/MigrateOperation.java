package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.engine.plan.PooledSessionCheck;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.settings.BlockingSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is pending: creates the tables, reads the history again under the lock,
 * and applies one migration after the other.
 */
final class MigrateOperation implements Operation {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOperation.class);

	private final MigratorSettings settings;

	private final PendingCheck look;

	private final RunProgress progress;

	private final ElapsedTime time;

	private @Nullable MigrationLoader loader;

	/**
	 * Create the operation.
	 * @param settings how to work
	 * @param status where to say what is pending
	 * @param look what was seen before
	 * @param time runs since the run was started
	 */
	MigrateOperation(MigratorSettings settings, StatusPublisher status, PendingCheck look, ElapsedTime time) {
		this.settings = settings;
		this.look = look;
		this.progress = new RunProgress(status, Direction.UP);
		this.time = time;
	}

	/**
	 * Reads the pending files: only a server that has been asked tells how.
	 */
	@Override
	public void check(Database database) {
		SqlRules rules = database.rules().after(this.settings.connect().initSql());
		MigrationLoader read = MigrationLoader.read(rules, this.look.pending());
		if (database.isPooled()) {
			read.files().forEach((file) -> PooledSessionCheck.requireNone(read.get(file)));
		}
		this.loader = read;
	}

	@Override
	public String intent() {
		return this.look.pending().size() + " of " + this.look.files().size() + " migrations are pending";
	}

	@Override
	public RunProgress progress() {
		return this.progress;
	}

	@Override
	public boolean isNeedless(HistorySnapshot history) {
		return new HistoryComparison(this.look.files(), history).pending().isEmpty();
	}

	@Override
	public MigrationReport nothingLeft(Duration waited) {
		logger.info("Nothing left to migrate: another instance has applied the {} pending migrations",
				this.look.pending().size());
		return new MigrationReport(List.of(), List.of(), List.of(), this.look.files().size(), 0, waited,
				this.time.get());
	}

	@Override
	public MigrationReport execute(StatementExecutor executor, History history, RetryPolicy retries,
			LockScope.Factory locks) throws SQLException {
		MigrationLoader loader = Objects.requireNonNull(this.loader, "Not checked");
		ResumePlanner planner = new ResumePlanner(executor.connection(), history, this.settings.resolve(),
				this.progress);
		BlockingSettings blocking = this.settings.statement().blocking();
		ResumeCheck check = new ResumeCheck(this.look.files(), this.settings.strict(), history, loader, planner,
				(blocking.max() != null) ? new RestingMigrations(executor.connection(), history, blocking.rest())
						: null);
		LockScope lock = locks.create(new HistoryTurns(() -> history.read(executor.connection()),
				HistorySnapshot::isApplied, (now, version) -> turn(check, now, version)));
		LockedHistory locked = new LockedHistory(executor.session(), history, lock, this.settings.instance().toString(),
				this.progress);
		executor.execution().requireGoingOn(() -> "Nothing was started.");
		HistorySnapshot first = this.look.history();
		HistorySnapshot now = new HistoryTables(executor.connection(), locked)
			.prepare(first != null && !first.tableExists());
		List<String> baselined = recordBaseline(executor.connection(), locked, now);
		this.progress.plan(pending(now, baselined));
		Set<String> resumed = lock.isHeldThroughout() ? check.check(now, this.progress.left()) : Set.of();
		Set<String> journalled = lock.isHeldThroughout() ? now.journal().keySet() : loader.versions();
		new MigrationSequence(executor, locked, retries, this.progress,
				new ByStatement(executor, locked, retries, planner, this.progress))
			.applyAll(loader, resumed, journalled);
		return report(baselined, retries.count(), lock.waited());
	}

	private Turn turn(ResumeCheck check, HistorySnapshot now, String version) {
		return check.check(now, this.progress.left()).contains(version) ? Turn.BY_STATEMENT : Turn.OURS;
	}

	private List<String> recordBaseline(Connection connection, LockedHistory history, HistorySnapshot now)
			throws SQLException {
		Baseline baseline = new Baseline(connection, history, this.settings.baseline());
		if (!baseline.isDue(now)) {
			return List.of();
		}
		List<String> recorded = new ArrayList<>();
		LockScope lock = history.lock();
		lock.guard(() -> !baseline.isDue(history.read()), () -> recorded
			.addAll(baseline.record(this.look.files(), lock.isHeldThroughout() ? now : history.read())));
		return recorded;
	}

	private List<MigrationFile> pending(HistorySnapshot now, List<String> baselined) {
		return this.look.pending()
			.stream()
			.filter((file) -> !now.isApplied(file.version()) && !baselined.contains(file.version()))
			.toList();
	}

	private MigrationReport report(List<String> baselined, int retries, Duration waited) {
		List<String> applied = this.progress.done();
		int before = this.look.files().size() - applied.size() - baselined.size();
		MigrationReport report = new MigrationReport(applied, baselined, List.of(), before, retries, waited,
				this.time.get());
		if (applied.isEmpty() && baselined.isEmpty()) {
			logger.info("Nothing left to migrate: another instance has applied what was pending");
			return report;
		}
		logger.info("Applied {} migrations in {} ms ({} ms of them waiting for the lock)", applied.size(),
				report.took().toMillis(), waited.toMillis());
		return report;
	}

}
