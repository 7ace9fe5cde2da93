package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.SqlErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection beside the migrating one, opened when it is first needed. Its answers are
 * limited in time, and it is closed also if closing comes while it is being opened. One
 * thread uses it at a time, see {@link #use}; any may close it, and none needs a lock for
 * that which is held during a call of the driver.
 */
public final class SideConnection implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SideConnection.class);

	private final ConnectionOpener opener;

	private final Duration longestAnswer;

	private final Preparation preparation;

	/** Held by the thread that uses the connection. */
	private final ReentrantLock turn = new ReentrantLock();

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
		this(opener, longestAnswer, (connection) -> {
		});
	}

	/**
	 * Create one that is not open yet and has to be prepared.
	 * @param opener opens it
	 * @param longestAnswer how long an answer may take before the driver closes the
	 * connection; at least a millisecond
	 * @param preparation prepares each connection that is opened
	 */
	public SideConnection(ConnectionOpener opener, Duration longestAnswer, Preparation preparation) {
		this.opener = opener;
		this.longestAnswer = longestAnswer;
		this.preparation = preparation;
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
		boolean kept = false;
		try {
			limit(opened, this.longestAnswer);
			this.preparation.prepare(opened);
			kept = keep(opened);
		}
		finally {
			if (!kept) {
				end(opened);
			}
		}
		if (!kept) {
			throw closedForGood();
		}
		return opened;
	}

	/**
	 * Use the connection when no other thread does, opening it if there is none. If that
	 * fails it is dropped, and the next time another one is opened.
	 * @param use uses it
	 * @throws SQLException if it cannot be opened, has been closed for good, or fails
	 */
	public void use(Use use) throws SQLException {
		this.turn.lock();
		try {
			use.with(get());
		}
		catch (SQLException | RuntimeException ex) {
			drop();
			throw ex;
		}
		finally {
			this.turn.unlock();
		}
	}

	/**
	 * Return the connection if there is one.
	 * @return the connection, or {@code null} if it is not open
	 * @throws SQLException if it cannot be asked
	 */
	public @Nullable Connection ifOpen() throws SQLException {
		Connection current;
		synchronized (this) {
			current = this.connection;
		}
		return (current != null && !current.isClosed()) ? current : null;
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
		end(take(false));
	}

	/**
	 * Drop the connection for good, without waiting for an answer that is under way.
	 */
	@Override
	public void close() {
		end(take(true));
	}

	/**
	 * Close the connection for good when nobody is using it: the server is told, and has
	 * nothing to complain of.
	 */
	public void disconnect() {
		Connection current = take(true);
		try {
			if (current != null) {
				current.close();
			}
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", SqlErrors.describe(ex));
			end(current);
		}
	}

	private synchronized @Nullable Connection take(boolean forGood) {
		Connection current = this.connection;
		this.connection = null;
		this.closed |= forGood;
		return current;
	}

	/**
	 * Close a connection from another thread: a driver may have to connect for it.
	 * MariaDB's has to if an answer is under way, and on a silent network that takes
	 * until its connect or socket timeout. Neither can be shortened then: to set it would
	 * wait for the same answer. The thread is a daemon and waited for no longer than is
	 * said, so nothing but the thread is held up, not even the end of the process.
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

	/**
	 * Close a connection of the run's own, also with the drivers of H2 and SQLite, which
	 * do nothing to abort one.
	 */
	static void end(@Nullable Connection connection) {
		abort(connection);
		try {
			if (connection != null && !connection.isClosed()) {
				connection.close();
			}
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", SqlErrors.describe(ex));
		}
	}

	/**
	 * Have the driver close a connection if an answer does not come in time, where it can
	 * do that.
	 * @param connection the connection
	 * @param longest how long an answer may take; zero for as long as it likes
	 * @throws SQLException if the connection is lost
	 */
	public static void limit(Connection connection, Duration longest) throws SQLException {
		long millis = longest.isZero() ? 0 : Math.max(1, longest.toMillis());
		try {
			connection.setNetworkTimeout(Runnable::run, (int) Math.min(millis, Integer.MAX_VALUE));
		}
		catch (SQLFeatureNotSupportedException | AbstractMethodError ex) {
			logger.debug("The driver has no network timeout");
		}
	}

	/**
	 * Uses a connection.
	 */
	@FunctionalInterface
	public interface Use {

		/**
		 * Use it.
		 * @param connection the connection, in autocommit
		 * @throws SQLException if it fails
		 */
		void with(Connection connection) throws SQLException;

	}

	/**
	 * Prepares a connection that was opened.
	 */
	@FunctionalInterface
	public interface Preparation {

		/**
		 * Prepare it.
		 * @param connection the connection, in autocommit
		 * @throws SQLException if that fails; the connection is closed then
		 */
		void prepare(Connection connection) throws SQLException;

	}

}
