package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.script.DdlTable;

/**
 * Finds out how large a table is and who else has it in an open transaction. What the
 * user may not see is left out, and not asked for again. For one thread.
 */
public interface TableUsers {

	/**
	 * Return about how much a table and its indexes take.
	 * @param connection the migrating connection
	 * @param table the table
	 * @return bytes; 0 if there is no such table
	 * @throws SQLException if it cannot be asked
	 */
	long size(Connection connection, DdlTable table) throws SQLException;

	/**
	 * Look for transactions of others that keep DDL from a table.
	 * @param connection the migrating connection
	 * @param table the table
	 * @param age for how long they have been open at least
	 * @return the sessions, at most a few, not {@link Blocker#certain} if it can't be
	 * seen which tables they have used; empty if there are none or if none can be seen
	 * @throws SQLException if the connection is closed
	 */
	List<Blocker> find(Connection connection, DdlTable table, Duration age) throws SQLException;

}
