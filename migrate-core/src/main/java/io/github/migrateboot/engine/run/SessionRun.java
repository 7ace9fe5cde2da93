package io.github.migrateboot.engine.run;

import java.sql.SQLException;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SessionFactory;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.AbortableConnections;
import io.github.migrateboot.engine.execution.SessionWatch;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.execution.TimedBorrowing;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistoryLocator;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run does in the session that migrates: opens it, finds the history, chooses the
 * lock, and lets an operation work under it while the session is watched.
 *
 * @param connections where connections come from
 * @param settings how to work
 * @param locks creates the lock strategy
 * @param status where to say what is being done
 * @param signal ends the run
 * @param observer stands around the statements of migrations
 * @param guard through which the history is read
 */
record SessionRun(AbortableConnections connections, MigratorSettings settings, LockStrategyFactory locks,
		StatusPublisher status, StopSignal signal, StatementObserver observer, ReadGuard guard) {

	private static final Logger logger = LoggerFactory.getLogger(SessionRun.class);

	/**
	 * Open the migrating session.
	 * @param look what was seen
	 * @param answers limits how long an answer may take
	 */
	MigrationSession open(PendingCheck look, AnswerWatch answers) {
		return new SessionOpening(sessions(), look, this.settings.lock().timeout(), this.signal).open(answers);
	}

	private SessionFactory sessions() {
		return new SessionFactory(this.connections, this.settings.instance(), this.settings.connect().initSql());
	}

	/**
	 * Run an operation.
	 * @param session the migrating session
	 * @param look what was seen
	 * @param operation what to do
	 * @param acquisition acquires the lock
	 */
	MigrationReport run(MigrationSession session, PendingCheck look, Operation operation, LockAcquisition acquisition)
			throws SQLException {
		Server server = session.server();
		this.status.database(server.database().displayName() + " " + server.version());
		operation.check(server.database());
		HistoryLocator locator = look.locator(this.guard);
		TableName known = acquisition.hasMoved() ? null : look.place(server.destination());
		TableName table = (known != null) ? known : locator.locate(session.connection());
		History history = new History(server.database(), table, this.guard);
		ConnectionOpener beside = sessions().beside(session);
		ConnectionOpener forLock = sessions()
			.lentBy(TimedBorrowing.of(this.connections, this.settings.connect().timeout(), this.signal))
			.forLock(session);
		LockRequest request = new LockRequest(server, session.connection(), forLock, history.table(),
				this.settings.lock().name(), this.settings.lock().leaseDuration(), this.settings.instance());
		try (SessionWatch watch = new SessionWatch(session, beside, this.settings, table, operation.progress());
				LockStrategy strategy = this.locks.create(this.settings.lock().strategy(), request)) {
			this.status.lock(strategy.describe());
			logger.info("{}; using {}", operation.intent(), strategy.describe());
			StatementExecutor executor = new StatementExecutor(session, this.settings.statement(),
					watch.execution(this.signal), this.observer);
			return new LockedRun(this.settings, this.signal, acquisition, strategy, operation).execute(executor,
					history, new HistoryPlaceCheck(locator, history.table(), session.connection()), beside);
		}
	}

}
