package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.lock.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a migrator's runs, whatever for: all of them can be closed under a
 * run that doesn't end otherwise, because the network or the server is silent.
 * Thread-safe.
 */
public final class AbortableConnections implements MigrationConnections {

	private static final Logger logger = LoggerFactory.getLogger(AbortableConnections.class);

	private final MigrationConnections connections;

	private final StopSignal signal;

	private final List<Held> held = new CopyOnWriteArrayList<>();

	private volatile boolean aborted;

	/**
	 * Create the connections.
	 * @param connections where they come from
	 * @param signal has been given before they are aborted
	 */
	public AbortableConnections(MigrationConnections connections, StopSignal signal) {
		this.connections = connections;
		this.signal = signal;
	}

	/**
	 * Return where they come from.
	 * @return the connections, which nobody aborts
	 */
	public MigrationConnections source() {
		return this.connections;
	}

	@Override
	public Connection borrow() throws SQLException {
		Connection connection = this.connections.borrow();
		if (!hold(connection)) {
			discard(connection);
			this.signal.requireGoingOn();
		}
		return connection;
	}

	@Override
	public void discard(Connection borrowed) {
		this.connections.discard(borrowed);
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		Optional<Connection> opened = this.connections.open(driverProperties);
		if (opened.isEmpty()) {
			return opened;
		}
		Connection connection = opened.get();
		if (!hold(connection)) {
			SideConnection.abort(connection);
			this.signal.requireGoingOn();
		}
		try {
			// What limits connecting is not for migrations.
			connection.setNetworkTimeout(Runnable::run, 0);
		}
		catch (SQLFeatureNotSupportedException | AbstractMethodError ex) {
			logger.debug("The driver has no network timeout");
		}
		return Optional.of(connection);
	}

	/**
	 * Hold a connection, unless all have been closed already while it was being opened.
	 */
	private boolean hold(Connection connection) {
		forgetClosed();
		this.held.add(new Held(connection));
		return !this.aborted;
	}

	private void forgetClosed() {
		for (Held one : this.held) {
			if (one.isClosed()) {
				this.held.remove(one);
			}
		}
	}

	/**
	 * Close every connection, and those that are still being opened as soon as they are.
	 * Returns at once.
	 */
	public void abort() {
		this.aborted = true;
		abortOpen();
	}

	/**
	 * Close every connection that is open now. Returns at once.
	 */
	public void abortOpen() {
		this.held.forEach(Held::abort);
	}

	/**
	 * Return whether they have been closed under a run.
	 */
	public boolean isAborted() {
		return this.aborted;
	}

	/**
	 * Forget the connections of a run that has ended.
	 */
	public void forget() {
		this.held.clear();
	}

	/**
	 * Allow new connections after {@link #abort()}.
	 */
	public void reset() {
		this.aborted = false;
	}

	/**
	 * A connection, which is itself only.
	 */
	private static final class Held {

		private final Connection connection;

		Held(Connection connection) {
			this.connection = connection;
		}

		boolean isClosed() {
			try {
				return this.connection.isClosed();
			}
			catch (SQLException ex) {
				return true;
			}
		}

		void abort() {
			SideConnection.abortInBackground(this.connection, Duration.ZERO);
		}

	}

}
