package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * One of the application's connections, in autocommit while it is borrowed.
 *
 * @param connection the connection
 * @param autoCommit whether it was in autocommit before
 */
public record BorrowedConnection(Connection connection, boolean autoCommit) implements AutoCloseable {

	public static BorrowedConnection from(MigrationConnections connections) throws SQLException {
		Connection connection = connections.borrow();
		try {
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				connection.setAutoCommit(true);
			}
			return new BorrowedConnection(connection, autoCommit);
		}
		catch (Throwable ex) {
			connection.close();
			throw ex;
		}
	}

	@Override
	public void close() throws SQLException {
		try (this.connection) {
			if (!this.autoCommit) {
				this.connection.setAutoCommit(false);
			}
		}
	}

}
