package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.SqlErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection beside the migrating one, opened when it is first needed. Its answers are
 * limited in time, and it is closed also if closing comes while it is being opened.
 * Thread-safe; no call of the driver is made while a lock is held that another thread
 * needs.
 */
public final class SideConnection implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SideConnection.class);

	private final ConnectionOpener opener;

	private final Duration longestAnswer;

	/** Guarded by this object. */
	private @Nullable Connection connection;

	/** Guarded by this object. */
	private boolean closed;

	/**
	 * Create one that is not open yet.
	 * @param opener opens it
	 * @param longestAnswer how long an answer may take before the driver closes the
	 * connection; at least a millisecond
	 */
	public SideConnection(ConnectionOpener opener, Duration longestAnswer) {
		this.opener = opener;
		this.longestAnswer = longestAnswer;
	}

	/**
	 * Return the connection, opening it if there is none.
	 * @return the connection, in autocommit
	 * @throws SQLException if it cannot be opened, or has been closed for good
	 */
	public Connection get() throws SQLException {
		Connection current = current();
		if (current != null && !current.isClosed()) {
			return current;
		}
		Connection opened = this.opener.open();
		try {
			opened.setNetworkTimeout(Runnable::run,
					(int) Math.min(Math.max(1, this.longestAnswer.toMillis()), Integer.MAX_VALUE));
		}
		catch (Throwable ex) {
			abort(opened);
			throw ex;
		}
		if (!keep(opened)) {
			abort(opened);
			throw closedForGood();
		}
		return opened;
	}

	private synchronized @Nullable Connection current() throws SQLException {
		if (this.closed) {
			throw closedForGood();
		}
		return this.connection;
	}

	private synchronized boolean keep(Connection opened) {
		if (!this.closed) {
			this.connection = opened;
		}
		return !this.closed;
	}

	private static SQLException closedForGood() {
		return new SQLException("The connection is not needed any more");
	}

	/**
	 * Drop the connection, without waiting for an answer that is under way. The next time
	 * it is needed another one is opened.
	 */
	public void drop() {
		abort(take(false));
	}

	/**
	 * Drop the connection for good.
	 */
	@Override
	public void close() {
		abort(take(true));
	}

	private synchronized @Nullable Connection take(boolean forGood) {
		Connection current = this.connection;
		this.connection = null;
		this.closed |= forGood;
		return current;
	}

	/**
	 * Close a connection from another thread: a driver may have to connect for it.
	 * @param connection the connection
	 * @param patience how long to wait for that
	 */
	public static void abortInBackground(Connection connection, Duration patience) {
		Thread thread = new Thread(() -> abort(connection), "migrate-abort");
		thread.setDaemon(true);
		thread.start();
		if (!patience.isZero()) {
			try {
				thread.join(patience.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Close a connection without waiting for an answer that is under way, as closing it
	 * would.
	 * @param connection the connection, or {@code null}
	 */
	public static void abort(@Nullable Connection connection) {
		if (connection != null) {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException ex) {
				logger.debug("A connection could not be closed: {}", SqlErrors.describe(ex));
			}
		}
	}

}
