package io.github.migrateboot;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.migrateboot.LockedTask.Place;
import io.github.migrateboot.MigratorSettings.Mode;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Destination;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.Snapshot;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, step by step: list the files, look at the history, and only if something is
 * pending open a connection, take the lock and apply.
 */
final class MigrationRun {

	private static final Logger logger = LoggerFactory.getLogger(MigrationRun.class);

	private final MigrationSource source;

	private final MigrationConnections connections;

	private final MigratorSettings settings;

	private final LockStrategyFactory locks;

	private final StatusBoard board;

	private final StopSignal signal;

	private final Waiting waiting;

	private final long start = System.nanoTime();

	/** Whether the database was there and could be written to, if need be. */
	private boolean connected;

	MigrationRun(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			LockStrategyFactory locks, StatusBoard board, StopSignal signal) {
		this.source = source;
		this.connections = connections;
		this.settings = settings;
		this.locks = locks;
		this.board = board;
		this.signal = signal;
		this.waiting = new Waiting(settings.lock(), signal);
	}

	MigrationReport execute() {
		ConnectWait connecting = new ConnectWait(this.settings.connect().timeout(),
				this.settings.lock().reportInterval(), this.signal);
		while (true) {
			try {
				return connecting.untilReady(this::attempt, () -> this.connected);
			}
			catch (DatabaseAccessException ex) {
				this.waiting.goOnAfter(ex);
			}
		}
	}

	private MigrationReport attempt() {
		Execution.requireGoingOn(this.signal, () -> "Nothing was begun.");
		FirstLook look = look(false);
		this.connected = look.pending().isEmpty() || isPassive();
		Checksums checksums = new Checksums(this.settings.checksum(), look.files());
		if (this.settings.mode() == Mode.VALIDATE) {
			new PassiveRun(this.connections, this.settings, this.board, this.signal, look).validate();
			return nothingToDo(look.files().size(), Duration.ZERO);
		}
		checksums.failIfChanged(look.history());
		if (this.settings.mode() == Mode.WAIT) {
			return await(look, checksums);
		}
		MigrationReport report;
		if (look.pending().isEmpty()) {
			report = nothingToDo(look.files().size(), Duration.ZERO);
			logger.info("Nothing to migrate: {} migrations are applied to {}", look.files().size(),
					look.database().displayName());
		}
		else {
			report = inSession(look, new PendingTask(this.settings, this.board, look, this::elapsed));
		}
		logAhead(look.files(), look.history());
		warnIfChanged(checksums, look.history());
		return report;
	}

	private boolean isPassive() {
		return this.settings.mode() == Mode.VALIDATE || this.settings.mode() == Mode.WAIT;
	}

	private MigrationReport await(FirstLook look, Checksums checksums) {
		Snapshot history = new PassiveRun(this.connections, this.settings, this.board, this.signal, look).await();
		checksums.failIfChanged(history);
		logAhead(look.files(), history);
		warnIfChanged(checksums, history);
		return nothingToDo(look.files().size(), look.pending().isEmpty() ? Duration.ZERO : elapsed());
	}

	private void warnIfChanged(Checksums checksums, @Nullable Snapshot history) {
		if (this.settings.mode() == Mode.APPLY_AND_EXIT) {
			checksums.warnIfChanged(history, this.signal);
		}
		else {
			checksums.warnMeanwhile(history, this.signal);
		}
	}

	/**
	 * Roll back the migration whose file sorts last, or all above a version.
	 */
	MigrationReport rollBack(@Nullable String to) {
		Execution.requireGoingOn(this.signal, () -> "Nothing was rolled back.");
		FirstLook look = look(true);
		return inSession(look, RollbackTask.of(this.settings, this.board, look, to, this::elapsed));
	}

	private static void logAhead(List<MigrationFile> files, @Nullable Snapshot history) {
		if (history != null) {
			new Comparison(files, history).logAhead();
		}
	}

	private FirstLook look(boolean open) {
		FirstLook look = FirstLook.take(this.source, this.connections, this.settings, open);
		this.board.pending(look.pending().size());
		return look;
	}

	private Optional<Snapshot> readWhileWaiting(HistoryReader reader, Database database, TableName table,
			Connection connection) {
		try {
			return FirstLook.read(reader, database, table, connection);
		}
		catch (HistoryAccessException ex) {
			if (ex.getCause() instanceof SQLException error && database.hasSeveralWriters()
					&& database.isLockTimeout(error)) {
				// What others do on the cluster takes longer than a query may wait there.
				return Optional.empty();
			}
			throw ex;
		}
	}

	private MigrationReport nothingToDo(int applied, Duration waited) {
		return new MigrationReport(List.of(), List.of(), List.of(), applied, 0, waited, elapsed());
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	private MigrationReport inSession(FirstLook look, LockedTask task) {
		try (RunSession session = open(look)) {
			this.connected = true;
			this.board.database(session.server().database().displayName() + " " + session.server().version());
			task.check(session.server().database());
			TableName table = resolve(look.table(), session);
			LockRequest request = new LockRequest(session.server(), session.connection(), () -> openAnother(session),
					table, this.settings.lock().name(), this.settings.lock().leaseDuration(), this.settings.instance());
			try (SessionWatch watch = new SessionWatch(session, () -> openMore(session),
					this.settings.lock().reportInterval(), this.board);
					LockStrategy strategy = this.locks.create(this.settings.lock().strategy(), request)) {
				this.board.lock(strategy.describe());
				logger.info("{}; using {}", task.intent(), strategy.describe());
				return inLock(task, session, table, strategy, new Execution(this.signal, watch));
			}
		}
		catch (SQLException ex) {
			throw SqlErrors.access("migrating", ex);
		}
	}

	private static LockHolder withProgress(RunSession session, LockHolder holder) {
		String id = holder.session();
		if (id == null || holder.statement() == null || !id.matches("[0-9]{1,18}")) {
			return holder;
		}
		try {
			return holder.withProgress(session.server().database().progress(session.connection(), Long.parseLong(id)));
		}
		catch (SQLException ex) {
			logger.debug("The server does not say how far the holder is: {}", SqlErrors.describe(ex));
			return holder;
		}
	}

	private RunSession open(FirstLook look) throws SQLException {
		Destination application = look.destination();
		if (application != null) {
			Optional<Connection> own = this.connections.open(look.driverProperties());
			if (own.isPresent()) {
				RunSession session = RunSession.prepare(own.get(), look.database(), this.settings, false);
				session.requireSameDestination(application);
				return session;
			}
		}
		return RunSession.prepare(this.connections.borrow(), look.database(), this.settings, true);
	}

	private Connection openAnother(RunSession session) throws SQLException {
		return openMore(session).orElseThrow(() -> new DatabaseAccessException(
				"The lock needs a second connection, and none can be derived from the application's DataSource.",
				"Use a DataSource that has a URL, such as a connection pool."));
	}

	private Optional<Connection> openMore(RunSession session) throws SQLException {
		String driver = session.connection().getMetaData().getDriverName();
		return this.connections
			.open(session.server().database().connectionProperties(this.settings.instance(), driver));
	}

	private TableName resolve(TableName table, RunSession session) throws SQLException {
		String current = session.server().destination().schema();
		if (table.schema() == null && current != null) {
			return table.in(current);
		}
		return session.server().database().resolve(table, session.connection());
	}

	private MigrationReport inLock(LockedTask task, RunSession session, TableName table, LockStrategy strategy,
			Execution execution) throws SQLException {
		HistoryReader reader = new HistoryReader(session.server().database(), table);
		if (strategy.ofTransaction(List.of()).isPresent()) {
			RunLock.Factory byTurns = (history, inspection) -> new LockByTurns(strategy, this.settings.lock(),
					session.connection(), this.signal, this.board, history, inspection, task::isOver);
			this.board.migrating(null);
			return task.execute(new Place(execution, session, () -> openAnother(session), table, reader, byTurns));
		}
		this.board.waiting(null);
		Optional<MigrationLock> lock;
		try {
			lock = this.waiting.await(strategy, session,
					() -> readWhileWaiting(reader, session.server().database(), table, session.connection())
						.filter(task::isNeedless)
						.isPresent(),
					(holder) -> this.board.waiting(withProgress(session, holder)));
		}
		finally {
			this.board.lockWaited(this.waiting.waited());
		}
		Duration waited = this.waiting.waited();
		if (lock.isEmpty()) {
			return task.needless(waited);
		}
		try (MigrationLock held = lock.get()) {
			this.board.migrating(null);
			RunLock.Factory throughout = (history, inspection) -> new HeldLock(session.connection(), held, waited);
			return task.execute(new Place(execution, session, () -> openAnother(session), table, reader, throughout));
		}
	}

}
