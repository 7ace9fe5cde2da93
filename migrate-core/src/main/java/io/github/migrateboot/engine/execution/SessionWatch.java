package io.github.migrateboot.engine.execution;

import java.time.Duration;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.database.VictimProbe;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.MigratorSettings;

/**
 * What looks at the migrating session while it works: how long its statements take, and
 * whom it keeps waiting. Both ask over one second connection, which is opened when one of
 * them first has to.
 */
public final class SessionWatch implements AutoCloseable {

	private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(1);

	private final SideConnection second;

	private final StatementMonitor monitor;

	private final Fuse fuse;

	/**
	 * Create a watch.
	 * @param session the migrating session
	 * @param beside opens the second connection
	 * @param settings how often to tell, and how long anybody may wait
	 * @param history the history table, with its schema
	 * @param progress what is running
	 */
	public SessionWatch(MigrationSession session, ConnectionOpener beside, MigratorSettings settings, TableName history,
			RunProgress progress) {
		Duration interval = settings.lock().reportInterval();
		VictimProbe victims = session.database()
			.inspection()
			.victims(session.server().session(), settings.instance(), history);
		this.second = new SideConnection(beside,
				(interval.compareTo(SHORTEST_ANSWER) < 0) ? SHORTEST_ANSWER : interval);
		this.monitor = new StatementMonitor(session, this.second, interval, progress);
		this.fuse = new Fuse(victims, this.second, settings.statement().blocking().max(), interval, progress);
	}

	/**
	 * Return what executes statements while they are watched.
	 * @param signal the signal to stop
	 */
	public CancellableExecution execution(StopSignal signal) {
		return new CancellableExecution(signal, this.monitor, this.fuse);
	}

	/**
	 * Close the connection, without waiting for an answer that is still to come.
	 */
	@Override
	public void close() {
		this.fuse.close();
		this.monitor.close();
		this.second.close();
	}

}
