package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.execution.LockScope;
import io.github.migrateboot.engine.execution.PerMigrationLock;
import io.github.migrateboot.engine.execution.RunScopedLock;
import io.github.migrateboot.engine.execution.StatementMonitor;
import io.github.migrateboot.engine.plan.ChecksumValidator;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.run.LockedTask.Place;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.PerTransactionStrategy;
import io.github.migrateboot.lock.StopSignal;
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
 * pending open a connection, take the lock and apply.
 */
public final class MigrationRun {

	private static final Logger logger = LoggerFactory.getLogger(MigrationRun.class);

	private final MigrationSource source;

	private final MigrationConnections connections;

	private final MigratorSettings settings;

	private final LockStrategyFactory locks;

	private final StatusPublisher board;

	private final StopSignal signal;

	private final LockAcquisition waiting;

	private final long start = System.nanoTime();

	/** Whether the database was there and could be written to, if need be. */
	private boolean connected;

	public MigrationRun(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			LockStrategyFactory locks, StatusPublisher board, StopSignal signal) {
		this.source = source;
		this.connections = connections;
		this.settings = settings;
		this.locks = locks;
		this.board = board;
		this.signal = signal;
		this.waiting = new LockAcquisition(settings.lock(), signal);
	}

	public MigrationReport execute() {
		DatabaseWait connecting = new DatabaseWait(this.settings.connect().timeout(),
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
		CancellableExecution.requireGoingOn(this.signal, () -> "Nothing was begun.");
		PendingCheck look = look(false);
		this.connected = look.pending().isEmpty() || isPassive();
		ChecksumValidator checksums = new ChecksumValidator(this.settings.checksum(), look.files());
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

	private MigrationReport await(PendingCheck look, ChecksumValidator checksums) {
		HistorySnapshot history = new PassiveRun(this.connections, this.settings, this.board, this.signal, look)
			.await();
		checksums.failIfChanged(history);
		logAhead(look.files(), history);
		warnIfChanged(checksums, history);
		return nothingToDo(look.files().size(), look.pending().isEmpty() ? Duration.ZERO : elapsed());
	}

	private void warnIfChanged(ChecksumValidator checksums, @Nullable HistorySnapshot history) {
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
	public MigrationReport rollBack(@Nullable String to) {
		CancellableExecution.requireGoingOn(this.signal, () -> "Nothing was rolled back.");
		PendingCheck look = look(true);
		return inSession(look, RollbackTask.of(this.settings, this.board, look, to, this::elapsed));
	}

	private static void logAhead(List<MigrationFile> files, @Nullable HistorySnapshot history) {
		if (history != null) {
			new HistoryComparison(files, history).logAhead();
		}
	}

	private PendingCheck look(boolean open) {
		PendingCheck look = PendingCheck.take(this.source, this.connections, this.settings, open);
		this.board.pending(look.pending().size());
		return look;
	}

	private Optional<HistorySnapshot> readWhileWaiting(HistoryReader reader, Database database, TableName table,
			Connection connection) {
		try {
			return PendingCheck.read(reader, database, table, connection);
		}
		catch (HistoryAccessException ex) {
			if (ex.getCause() instanceof SQLException error && database.hasSeveralWriters()
					&& database.errors().isLockTimeout(error)) {
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

	private MigrationReport inSession(PendingCheck look, LockedTask task) {
		try (MigrationSession session = open(look)) {
			this.connected = true;
			this.board.database(session.server().database().displayName() + " " + session.server().version());
			task.check(session.server().database());
			TableName table = resolve(look.table(), session);
			LockRequest request = new LockRequest(session.server(), session.connection(), () -> openAnother(session),
					table, this.settings.lock().name(), this.settings.lock().leaseDuration(), this.settings.instance());
			try (StatementMonitor watch = new StatementMonitor(session, () -> openMore(session),
					this.settings.lock().reportInterval(), this.board);
					LockStrategy strategy = this.locks.create(this.settings.lock().strategy(), request)) {
				this.board.lock(strategy.describe());
				logger.info("{}; using {}", task.intent(), strategy.describe());
				return inLock(task, session, table, strategy, new CancellableExecution(this.signal, watch));
			}
		}
		catch (SQLException ex) {
			throw SqlErrors.access("migrating", ex);
		}
	}

	private static LockHolder withProgress(MigrationSession session, LockHolder holder) {
		String id = holder.session();
		if (id == null || holder.statement() == null || !id.matches("[0-9]{1,18}")) {
			return holder;
		}
		try {
			return holder.withProgress(
					session.server().database().inspection().progress(session.connection(), Long.parseLong(id)));
		}
		catch (SQLException ex) {
			logger.debug("The server does not say how far the holder is: {}", SqlErrors.describe(ex));
			return holder;
		}
	}

	private MigrationSession open(PendingCheck look) throws SQLException {
		ConnectionTarget application = look.destination();
		if (application != null) {
			Optional<Connection> own = this.connections.open(look.driverProperties());
			if (own.isPresent()) {
				MigrationSession session = MigrationSession.prepare(own.get(), look.database(), this.settings, false);
				session.requireSameDestination(application);
				return session;
			}
		}
		return MigrationSession.prepare(this.connections.borrow(), look.database(), this.settings, true);
	}

	private Connection openAnother(MigrationSession session) throws SQLException {
		return openMore(session).orElseThrow(() -> new DatabaseAccessException(
				"The lock needs a second connection, and none can be derived from the application's DataSource.",
				"Use a DataSource that has a URL, such as a connection pool."));
	}

	private Optional<Connection> openMore(MigrationSession session) throws SQLException {
		String driver = session.connection().getMetaData().getDriverName();
		return this.connections
			.open(session.server().database().sessions().driverProperties(this.settings.instance(), driver));
	}

	private TableName resolve(TableName table, MigrationSession session) throws SQLException {
		String current = session.server().destination().schema();
		if (table.schema() == null && current != null) {
			return table.in(current);
		}
		return session.server().database().resolve(table, session.connection());
	}

	private MigrationReport inLock(LockedTask task, MigrationSession session, TableName table, LockStrategy strategy,
			CancellableExecution execution) throws SQLException {
		HistoryReader reader = new HistoryReader(session.server().database(), table);
		if (strategy instanceof PerTransactionStrategy perTransaction) {
			LockScope.Factory byTurns = (history, inspection) -> new PerMigrationLock(perTransaction,
					this.settings.lock(), session.connection(), this.signal, this.board, history, inspection,
					task::isOver);
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
			LockScope.Factory throughout = (history, inspection) -> new RunScopedLock(session.connection(), held,
					waited);
			return task.execute(new Place(execution, session, () -> openAnother(session), table, reader, throughout));
		}
	}

}
