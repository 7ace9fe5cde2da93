package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrateboot.database.SqlErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions without hiding why they are ended.
 */
public final class Transactions {

	private static final Logger logger = LoggerFactory.getLogger(Transactions.class);

	private Transactions() {
	}

	/**
	 * Roll back what is open and return to autocommit. Does not fail: the connection is
	 * lost then, and with it the transaction.
	 * @param connection the connection
	 */
	public static void end(Connection connection) {
		try {
			if (!connection.isClosed() && !connection.getAutoCommit()) {
				rollBackSurely(connection);
				connection.setAutoCommit(true);
			}
		}
		catch (SQLException ex) {
			logger.debug("Could not roll back: {}", SqlErrors.describe(ex));
		}
	}

	/**
	 * Return to autocommit after a commit. Does not fail: what has been committed is not
	 * harmed, and what needs autocommit next switches it on.
	 * @param connection the connection
	 */
	public static void leave(Connection connection) {
		try {
			connection.setAutoCommit(true);
		}
		catch (SQLException ex) {
			logger.debug("Could not return to autocommit: {}", SqlErrors.describe(ex));
		}
	}

	private static void rollBackSurely(Connection connection) throws SQLException {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			if (SqlErrors.isConnectionLost(ex)) {
				throw ex;
			}
			// A cluster that has rolled it back in favour of another one says so once.
			connection.rollback();
		}
	}

	/**
	 * Roll back a transaction that was started by a statement. Does not fail.
	 * @param connection the connection
	 */
	public static void rollBack(Connection connection) {
		try (Statement statement = connection.createStatement()) {
			statement.execute("ROLLBACK");
		}
		catch (SQLException ex) {
			logger.debug("Could not roll back: {}", SqlErrors.describe(ex));
		}
	}

}
