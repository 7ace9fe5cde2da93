package io.github.migrateboot;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.AbortableConnections;
import io.github.migrateboot.engine.run.MigrationListing;
import io.github.migrateboot.engine.run.MigrationPlanning;
import io.github.migrateboot.engine.run.MigrationRun;
import io.github.migrateboot.engine.run.RollbackGoal;
import io.github.migrateboot.engine.run.Shutdown;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.UnexpectedFailureException;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.Listeners;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.StatusPublisher;

/**
 * Applies pending migrations, one instance at a time. Thread-safe; a second call of
 * {@link #migrate()} waits for the first.
 */
public final class Migrator {

	private final MigrationSource source;

	private final AbortableConnections connections;

	private final MigratorSettings settings;

	private final LockStrategyFactory locks;

	private final StatementObserver observer;

	private final Listeners listeners = new Listeners();

	private final StatusPublisher status = new StatusPublisher(this.listeners);

	private final StopSignal signal = new StopSignal();

	private final ReentrantLock running = new ReentrantLock();

	/**
	 * Create a migrator.
	 * @param source where the migration files come from
	 * @param connections where connections come from
	 * @param settings how to work
	 */
	public Migrator(MigrationSource source, MigrationConnections connections, MigratorSettings settings) {
		this(source, connections, settings, LockStrategies::choose);
	}

	/**
	 * Create a migrator with a lock strategy of one's own.
	 * @param source where the migration files come from
	 * @param connections where connections come from
	 * @param settings how to work
	 * @param locks creates the lock strategy of each run
	 */
	public Migrator(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			LockStrategyFactory locks) {
		this(source, connections, settings, locks, StatementObserver.NONE);
	}

	Migrator(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			LockStrategyFactory locks, StatementObserver observer) {
		this.source = source;
		this.connections = new AbortableConnections(connections, this.signal);
		this.settings = settings;
		this.locks = locks;
		this.observer = observer;
	}

	/**
	 * Apply what is pending, waiting for the lock if another instance holds it. With
	 * nothing pending this costs one query.
	 * @return what was done
	 * @throws MigrationException if the run stopped; what had been applied before stays
	 * applied and recorded
	 */
	public MigrationReport migrate() {
		return run(() -> run(this.settings).migrate(), this.settings.mode() != Mode.PLAN);
	}

	/**
	 * Apply what is pending, whatever the mode of this migrator. Otherwise the same as
	 * {@link #migrate()}.
	 * @return what was done
	 * @throws MigrationException if the run stopped
	 */
	public MigrationReport apply() {
		return run(() -> run(this.settings.withMode(Mode.APPLY)).migrate(), true);
	}

	/**
	 * Roll back the applied migration whose file sorts last: run its down blocks and
	 * remove its record. The next run applies it again if its file is still there.
	 * @return what was done
	 * @throws MigrationException if nothing is applied, or if it failed; its description
	 * says what has taken effect
	 */
	public MigrationReport rollBack() {
		return run(() -> run(this.settings).rollBack(RollbackGoal.last()), false);
	}

	/**
	 * Roll back one migration, which has to be the one whose file sorts last of those
	 * that are applied. If it is not applied, because it has been rolled back already,
	 * there is nothing to do.
	 * @param version the migration's version
	 * @return what was done
	 * @throws MigrationException if another one has to be rolled back before, or if it
	 * failed; its description says what has taken effect
	 */
	public MigrationReport rollBack(String version) {
		return run(() -> run(this.settings).rollBack(RollbackGoal.only(version)), false);
	}

	/**
	 * Roll back, one after the other, all applied migrations whose files sort behind that
	 * of a version.
	 * @param version the version that stays and is the newest afterwards
	 * @return what was done
	 * @throws MigrationException if that version is not applied, or if a rollback failed;
	 * those before it stay rolled back
	 */
	public MigrationReport rollBackTo(String version) {
		return run(() -> run(this.settings).rollBack(RollbackGoal.downTo(version)), false);
	}

	private MigrationRun run(MigratorSettings settings) {
		// a process that is restored from a checkpoint may be on another host than before
		MigratorSettings now = settings.withInstance(settings.instance().now());
		return new MigrationRun(this.source, this.connections, now, this.locks, this.status, this.signal,
				this.observer);
	}

	private MigrationReport run(Supplier<MigrationReport> work, boolean applies) {
		if (this.running.isHeldByCurrentThread()) {
			throw new IllegalStateException("A run can't be started from a listener of this run, which has not ended."
					+ " Start it from completed() or failed().");
		}
		Runnable news = () -> {
		};
		this.running.lock();
		try {
			this.status.runStarted();
			MigrationReport report = work.get();
			if (applies) {
				this.status.pending(0);
			}
			news = this.status.done(report);
			return report;
		}
		catch (Throwable ex) {
			MigrationException failure = explain(ex);
			news = this.status.failed(failure);
			if (ex instanceof Error error) {
				throw error;
			}
			throw failure;
		}
		finally {
			this.connections.forget();
			this.running.unlock();
			// Whoever listens may wait for the end of the run, or for another one.
			news.run();
		}
	}

	private MigrationException explain(Throwable ex) {
		if (ex instanceof DatabaseAccessException failure && this.connections.isAborted()) {
			return new InterruptedMigrationException(
					FailureText
						.of("The application is shutting down, so the run's connections were closed while it waited for"
								+ " an answer of the server. ")
						.and(failure.text()),
					"Start again; what is pending will be applied then. Nothing that was applied before is lost.", ex);
		}
		if (ex instanceof MigrationException explained) {
			return explained;
		}
		Throwable cause = SqlErrors.withoutSecrets(ex);
		return new UnexpectedFailureException(
				FailureText.of("The run stopped unexpectedly: ")
					.and(new FailureText(cause.toString(), ex.getClass().getName()))
					.and(". What was recorded before stays recorded."),
				"See the stack trace for where it comes from, fix that and start again.", cause);
	}

	/**
	 * Return where this migrator gets its connections from.
	 * @return the connections
	 */
	public MigrationConnections connections() {
		return this.connections.source();
	}

	/**
	 * Stop, because the application is shutting down: end a wait for the lock at once,
	 * begin no further statement or migration, let the statement that is running finish
	 * within a time, and then cancel it. {@link #migrate()} ends with an
	 * {@link InterruptedMigrationException} if anything was left undone. If even the
	 * cancelled statement does not end, or the server does not answer, the connections of
	 * the run are closed under it. Returns when the run has ended, at most about two
	 * seconds after that time; at once if a listener of the run calls it that is told
	 * during the run. May be called from any thread, such as a shutdown hook's, and
	 * again. Until {@link #start()} nothing runs any more.
	 * @param grace how long a running statement may go on; not negative
	 * @return whether no run is going on any more
	 */
	public boolean stop(Duration grace) {
		return beginShutdown().await(grace);
	}

	Shutdown beginShutdown() {
		return Shutdown.begin(this.signal, this.running, this.status, this.connections);
	}

	/**
	 * Allow runs after a {@link #stop}, for an application that is started again. Starts
	 * none by itself.
	 */
	public void start() {
		this.connections.reset();
		this.signal.reset();
	}

	/**
	 * Tell a listener what this migrator does from now on.
	 * @param listener the listener
	 */
	public void addListener(MigrationListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Return what this migrator is doing, without asking the database.
	 * @return a snapshot
	 */
	public MigratorStatus status() {
		return this.status.status();
	}

	/**
	 * List every migration, from the files and from the history, with one borrowed
	 * connection.
	 * @return the migrations, sorted by file name; those without a file first, by version
	 * @throws MigrationException if files or history cannot be read
	 */
	public List<MigrationInfo> migrations() {
		return new MigrationListing(this.source, connections(), this.settings.table()).list();
	}

	/**
	 * Say what {@link #apply()} would do now, with one borrowed connection: nothing is
	 * written, no lock is taken, and the session is left as it was. May be called from
	 * any thread, also during a run.
	 * @param measured what the measured lint found when the application was built; an
	 * entry counts if the file is still the same
	 * @return the plan
	 * @throws MigrationException if files or history cannot be read
	 */
	public MigrationPlan plan(Collection<MeasuredFile> measured) {
		MigratorSettings now = this.settings.withInstance(this.settings.instance().now());
		return new MigrationPlanning(this.source, connections(), now, this.locks).plan(measured);
	}

}
