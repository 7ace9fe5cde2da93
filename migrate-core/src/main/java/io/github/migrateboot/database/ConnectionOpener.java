package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens a connection to a database that is known already.
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
