package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.engine.plan.PooledSessionCheck;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls migrations back: reads the history under the lock, finds out which migrations are
 * meant, and runs their down blocks, the last file's first.
 */
final class RollbackOperation implements Operation {

	private static final Logger logger = LoggerFactory.getLogger(RollbackOperation.class);

	private final MigratorSettings settings;

	private final StatusPublisher status;

	private final List<MigrationFile> files;

	private final RollbackGoal goal;

	private final RunProgress progress;

	private final ElapsedTime time;

	/**
	 * Create the operation, unless it can be told before a connection is opened that it
	 * is not possible.
	 * @param settings how to work
	 * @param status where to say what is being done
	 * @param look what was seen before
	 * @param goal what is to be left
	 * @param time runs since the run was started
	 */
	RollbackOperation(MigratorSettings settings, StatusPublisher status, PendingCheck look, RollbackGoal goal,
			ElapsedTime time) {
		this.settings = settings;
		this.status = status;
		this.files = look.files();
		this.goal = goal;
		this.progress = new RunProgress(status, Direction.DOWN);
		this.time = time;
		HistorySnapshot history = look.history();
		if (history != null) {
			new RollbackTargets(this.files, goal).find(history);
		}
	}

	@Override
	public void check(Database database) {
		// The files are read under the lock, when it is known which.
	}

	@Override
	public String intent() {
		return "Rolling back " + this.goal;
	}

	@Override
	public RunProgress progress() {
		return this.progress;
	}

	@Override
	public MigrationReport execute(StatementExecutor executor, History history, RetryPolicy retries,
			LockScope.Factory locks) throws SQLException {
		LockScope lock = locks.create(new HistoryTurns(() -> history.read(executor.connection()), RecordRemoval::isOver,
				(now, version) -> Turn.OURS));
		LockedHistory locked = new LockedHistory(executor.connection(), history, lock,
				this.settings.instance().toString(), this.progress);
		executor.execution().requireGoingOn(() -> "Nothing was rolled back.");
		HistorySnapshot now = new HistoryTables(executor.connection(), locked).prepare(false);
		// All of them are read before the first is run.
		List<Migration> targets = MigrationLoader.parseDown(
				history.database().rules().after(this.settings.connect().initSql()),
				new RollbackTargets(this.files, this.goal).find(now));
		if (history.database().isPooled()) {
			targets.forEach(PooledSessionCheck::requireNone);
		}
		this.progress.plan(targets.stream().map(Migration::file).toList());
		ResumePlanner planner = new ResumePlanner(executor.connection(), history, this.settings.resolve(),
				this.progress);
		new RollbackSequence(executor, locked, retries, this.progress,
				new ByStatement(executor, locked, retries, planner, this.progress))
			.rollBackAll(targets);
		return report(locked, retries.count());
	}

	private MigrationReport report(LockedHistory history, int retries) {
		List<MigrationFile> pending = new HistoryComparison(this.files, history.read()).pending();
		this.status.pending(pending.size());
		Duration waited = history.lock().waited();
		Duration took = this.time.get();
		logger.info(
				"Rolled back {} migrations in {} ms ({} ms of them waiting for the lock); the next start applies"
						+ " them again if it has their files",
				this.progress.done().size(), took.toMillis(), waited.toMillis());
		return new MigrationReport(List.of(), List.of(), this.progress.done(), this.files.size() - pending.size(),
				retries, waited, took);
	}

}
