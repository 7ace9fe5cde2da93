package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.AbortableConnections;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.HistoryWait;
import io.github.migrateboot.engine.plan.ChecksumValidator;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, step by step: list the files, look at the history, and only if something is
 * pending open a connection, acquire the lock and apply.
 */
public final class MigrationRun {

	private static final Logger logger = LoggerFactory.getLogger(MigrationRun.class);

	private final MigrationSource source;

	private final AbortableConnections connections;

	private final MigratorSettings settings;

	private final StatusPublisher status;

	private final StopSignal signal;

	private final ReadGuard guard;

	private final SessionRun sessions;

	private final ElapsedTime time = new ElapsedTime();

	/**
	 * Create a run.
	 * @param source where the migration files come from
	 * @param connections where connections come from
	 * @param settings how to work
	 * @param locks creates the lock strategy
	 * @param status where to say what is being done
	 * @param signal ends the run
	 * @param observer stands around the statements of migrations
	 */
	public MigrationRun(MigrationSource source, AbortableConnections connections, MigratorSettings settings,
			LockStrategyFactory locks, StatusPublisher status, StopSignal signal, StatementObserver observer) {
		this.source = source;
		this.connections = connections;
		this.settings = settings;
		this.status = status;
		this.signal = signal;
		this.guard = HistoryWait.of(settings.lock(), signal);
		this.sessions = new SessionRun(connections, settings, locks, status, signal, observer, this.guard);
	}

	/**
	 * Do what the mode says.
	 * @return what was done
	 */
	public MigrationReport migrate() {
		return switch (this.settings.mode()) {
			case VALIDATE -> validate();
			case WAIT -> await();
			case APPLY, APPLY_AND_EXIT -> apply();
			case PLAN -> leave();
		};
	}

	/**
	 * What is pending stays pending: what would be applied is asked for elsewhere.
	 */
	private MigrationReport leave() {
		PendingCheck look = untilReady(() -> look(false));
		HistorySnapshot history = look.history(this.connections, this.guard);
		int pending = new HistoryComparison(look.files(), history).pending().size();
		logger.info("{} of {} migrations are pending; nothing is applied, because migrate.mode is plan", pending,
				look.files().size());
		return new MigrationReport(List.of(), List.of(), List.of(), look.files().size() - pending, 0, Duration.ZERO,
				this.time.get());
	}

	private MigrationReport validate() {
		PendingCheck look = untilReady(() -> look(false));
		new Validation(look, look.history(this.connections, this.guard), this.settings.checksum()).requireValid();
		return nothingToDo(look, Duration.ZERO);
	}

	private MigrationReport await() {
		PendingCheck look = untilReady(() -> lookWithChecksums());
		HistorySnapshot history = new AwaitOthers(this.connections, this.settings.lock(), this.status, this.signal,
				look)
			.await(look.history(this.connections, this.guard));
		ChecksumValidator checksums = new ChecksumValidator(this.settings.checksum(), look.files());
		checksums.failIfChanged(history);
		tellAboutFiles(look.files(), history);
		return nothingToDo(look, look.pending().isEmpty() ? Duration.ZERO : this.time.get());
	}

	private MigrationReport apply() {
		LockAcquisition acquisition = acquisition();
		while (true) {
			try {
				Start start = untilReady(this::start);
				return (start.ready() != null) ? migrate(start.look(), start.ready(), acquisition)
						: upToDate(start.look());
			}
			catch (DatabaseAccessException ex) {
				acquisition.reconnectAfter(ex);
			}
			catch (HistoryMovedException ex) {
				acquisition.startOver(ex);
			}
		}
	}

	private Start start() {
		PendingCheck look = lookWithChecksums();
		if (look.pending().isEmpty()) {
			return new Start(look, null);
		}
		// The files are read before anything is opened.
		MigrateOperation operation = new MigrateOperation(this.settings, this.status, look, this.time);
		return new Start(look, new Ready(operation, this.sessions.open(look, answers())));
	}

	private MigrationReport upToDate(PendingCheck look) {
		logger.info("Nothing to migrate: {} migrations are applied to {}", look.files().size(),
				look.database().displayName());
		tellAboutFiles(look.files(), look.history());
		return nothingToDo(look, Duration.ZERO);
	}

	private MigrationReport migrate(PendingCheck look, Ready ready, LockAcquisition acquisition) {
		MigrationReport report;
		try (MigrationSession session = ready.session()) {
			report = this.sessions.run(session, look, ready.operation(), acquisition);
		}
		catch (SQLException ex) {
			throw SqlErrors.access("migrating", ex);
		}
		tellAboutFiles(look.files(), look.history());
		return report;
	}

	/**
	 * Roll back.
	 * @param goal what is to be left
	 * @return what was done
	 */
	public MigrationReport rollBack(RollbackGoal goal) {
		LockAcquisition acquisition = acquisition();
		while (true) {
			try {
				return rollBack(goal, acquisition);
			}
			catch (HistoryMovedException ex) {
				acquisition.startOver(ex);
			}
		}
	}

	private MigrationReport rollBack(RollbackGoal goal, LockAcquisition acquisition) {
		CancellableExecution.requireGoingOn(this.signal, () -> "Nothing was rolled back.");
		PendingCheck look = look(true);
		RollbackOperation operation = new RollbackOperation(this.settings, this.status, look, goal, this.time);
		try (MigrationSession session = this.sessions.open(look, answers())) {
			return this.sessions.run(session, look, operation, acquisition);
		}
		catch (SQLException ex) {
			throw SqlErrors.access("migrating", ex);
		}
	}

	private <T> T untilReady(Supplier<T> attempt) {
		return new DatabaseWait(this.settings.connect().timeout(), this.settings.lock().reportInterval(), this.signal)
			.untilReady(() -> {
				CancellableExecution.requireGoingOn(this.signal, () -> "Nothing was started.");
				return attempt.get();
			});
	}

	private PendingCheck look(boolean open) {
		PendingCheck look = answers().during("looking for pending migrations",
				() -> PendingCheck.take(this.source, this.connections, this.settings, this.guard, open));
		this.status.pending(look.pending().size());
		return look;
	}

	private PendingCheck lookWithChecksums() {
		PendingCheck look = look(false);
		new ChecksumValidator(this.settings.checksum(), look.files()).failIfChanged(look.history());
		return look;
	}

	private void tellAboutFiles(List<MigrationFile> files, @Nullable HistorySnapshot history) {
		if (history != null) {
			new HistoryComparison(files, history).logAhead();
		}
		ChecksumValidator checksums = new ChecksumValidator(this.settings.checksum(), files);
		if (this.settings.mode() == Mode.APPLY_AND_EXIT) {
			checksums.warnIfChanged(history, this.signal);
		}
		else {
			checksums.warnMeanwhile(history, this.signal);
		}
	}

	private MigrationReport nothingToDo(PendingCheck look, Duration waited) {
		return new MigrationReport(List.of(), List.of(), List.of(), look.files().size(), 0, waited, this.time.get());
	}

	private AnswerWatch answers() {
		return new AnswerWatch(this.settings.lock().reportInterval(), this.settings.lock().timeout(),
				this.connections::abortOpen);
	}

	private LockAcquisition acquisition() {
		return new LockAcquisition(this.settings.lock(), this.settings.connect().timeout(), this.signal);
	}

	/**
	 * How a run starts.
	 *
	 * @param look what was seen
	 * @param ready what applies what is pending, or {@code null} if nothing is
	 */
	private record Start(PendingCheck look, @Nullable Ready ready) {

	}

	/**
	 * What is needed to apply what is pending.
	 *
	 * @param operation what to do
	 * @param session the connection to do it on
	 */
	private record Ready(MigrateOperation operation, MigrationSession session) {

	}

}
