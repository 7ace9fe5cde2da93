package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.database.SqlErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the application's connections, in autocommit while it is borrowed. It is given
 * back as it was, or not at all.
 */
public final class BorrowedConnection implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BorrowedConnection.class);

	private final MigrationConnections lender;

	private final Connection connection;

	/** What restores it, the last change first. */
	private final Deque<SqlAction> restoration = new ArrayDeque<>();

	private boolean spent;

	private BorrowedConnection(MigrationConnections lender, Connection connection) {
		this.lender = lender;
		this.connection = connection;
	}

	/**
	 * Borrow a connection.
	 * @param lender has the connections
	 * @return the connection, which the caller closes
	 * @throws SQLException if there is none
	 */
	public static BorrowedConnection from(MigrationConnections lender) throws SQLException {
		BorrowedConnection borrowed = new BorrowedConnection(lender, lender.borrow());
		borrowed.spent = true;
		try {
			if (!borrowed.connection.getAutoCommit()) {
				borrowed.connection.setAutoCommit(true);
				borrowed.restoreBy(() -> borrowed.connection.setAutoCommit(false));
			}
			borrowed.spent = false;
		}
		finally {
			if (borrowed.spent) {
				borrowed.close();
			}
		}
		return borrowed;
	}

	/**
	 * Return the connection.
	 * @return the connection
	 */
	public Connection connection() {
		return this.connection;
	}

	/**
	 * Note how a change of the connection is undone.
	 * @param action undoes it
	 */
	void restoreBy(SqlAction action) {
		this.restoration.push(action);
	}

	/**
	 * Note what the network timeout is, where the driver has one.
	 * @return in milliseconds, zero if there is none
	 * @throws SQLException if the connection is lost
	 */
	int restoreNetworkTimeout() throws SQLException {
		try {
			int timeout = this.connection.getNetworkTimeout();
			restoreBy(() -> {
				if (this.connection.getNetworkTimeout() != timeout) {
					this.connection.setNetworkTimeout(Runnable::run, timeout);
				}
			});
			return timeout;
		}
		catch (SQLFeatureNotSupportedException | AbstractMethodError ex) {
			logger.debug("The driver has no network timeout");
			return 0;
		}
	}

	/**
	 * Note that the connection can't be restored any more.
	 */
	void spend() {
		this.spent = true;
	}

	/**
	 * Have the pool close the connection, without waiting for an answer that is under
	 * way. Does not fail.
	 */
	void discard() {
		this.lender.discard(this.connection);
	}

	/**
	 * Give the connection back. Does not fail.
	 */
	@Override
	public void close() {
		if (this.spent || !isRestored()) {
			discard();
			return;
		}
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			logger.debug("A borrowed connection could not be given back: {}", SqlErrors.describe(ex));
		}
	}

	private boolean isRestored() {
		try {
			Transactions.end(this.connection);
			for (SqlAction action : this.restoration) {
				action.run();
			}
			this.connection.clearWarnings();
			return true;
		}
		catch (SQLException ex) {
			logger.debug("A borrowed connection cannot be restored and is discarded: {}", SqlErrors.describe(ex));
			return false;
		}
	}

}
