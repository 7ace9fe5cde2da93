package io.github.migrateboot.database;

import java.sql.SQLException;

/**
 * Some SQL.
 */
@FunctionalInterface
public interface SqlAction {

	/**
	 * Execute it.
	 * @throws SQLException if it fails
	 */
	void run() throws SQLException;

}
