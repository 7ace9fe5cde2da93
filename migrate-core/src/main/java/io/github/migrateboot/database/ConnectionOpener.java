package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens a further connection to the database that is migrated.
 */
@FunctionalInterface
public interface ConnectionOpener {

	/**
	 * Open a connection, which the caller closes.
	 * @return a new connection in autocommit
	 * @throws SQLException if it cannot be opened
	 */
	Connection open() throws SQLException;

}
