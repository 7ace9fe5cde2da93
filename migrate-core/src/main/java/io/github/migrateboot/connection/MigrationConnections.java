package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/**
 * Where a {@code Migrator} gets its connections from.
 */
public interface MigrationConnections {

	/**
	 * Borrow a connection that the application has anyway, which the caller closes.
	 * @return a connection, usually from a pool
	 * @throws SQLException if there is none
	 */
	Connection borrow() throws SQLException;

	/**
	 * Give a borrowed connection back that can't be restored, so that nobody gets it
	 * again. Does not fail. By default it is closed under the pool's hands, and used once
	 * more, so that the pool notices.
	 * @param borrowed the connection
	 */
	default void discard(Connection borrowed) {
		try (borrowed) {
			borrowed.abort(Runnable::run);
			// MariaDB's driver creates statements of a closed connection too.
			try (Statement statement = borrowed.createStatement()) {
				statement.execute("SELECT 1");
			}
		}
		catch (SQLException ex) {
			// Which is what it is to be told.
		}
	}

	/**
	 * Open a connection of the run's own, outside any pool, that the caller closes: with
	 * the URL, user, schema, catalog, init SQL and driver properties of the application's
	 * connections, without a network timeout as soon as it is open, in autocommit.
	 * @param driverProperties more driver properties, which win over the application's
	 * @return the connection, or empty if none can be derived
	 * @throws SQLException if it cannot be opened
	 */
	Optional<Connection> open(Map<String, String> driverProperties) throws SQLException;

}
