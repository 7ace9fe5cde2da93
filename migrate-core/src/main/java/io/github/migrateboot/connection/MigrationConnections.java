package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
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
	 * Open a connection of the run's own, outside any pool, that the caller closes: with
	 * the URL, user, schema, catalog, init SQL and driver properties of the application's
	 * connections, without a network timeout as soon as it is open, in autocommit.
	 * @param driverProperties more driver properties, which win over the application's
	 * @return the connection, or empty if none can be derived
	 * @throws SQLException if it cannot be opened
	 */
	Optional<Connection> open(Map<String, String> driverProperties) throws SQLException;

}
