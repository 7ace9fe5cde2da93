package io.github.migrateboot.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.HistoryBusyException;

/**
 * Through which every read of the history goes, and which decides what becomes of it
 * while somebody else keeps the tables locked or is writing.
 */
public interface ReadGuard {

	/**
	 * Read.
	 * @param <T> what is read
	 * @param database the kind of database
	 * @param table the history table, for messages
	 * @param connection the connection to use
	 * @param query reads
	 * @return what was read
	 * @throws HistoryBusyException if it could not be read in time
	 * @throws SQLException if it cannot be read for another reason
	 */
	<T> T read(Database database, TableName table, Connection connection, Query<T> query) throws SQLException;

	/**
	 * Return a guard for who has something else to do: it waits for a moment at most.
	 * @return the guard
	 */
	ReadGuard briefly();

	/**
	 * A query.
	 *
	 * @param <T> what is read
	 */
	@FunctionalInterface
	interface Query<T> {

		/**
		 * Execute it.
		 * @param statement what to execute it with
		 * @return what was read
		 * @throws SQLException if it cannot be read
		 */
		T read(Statement statement) throws SQLException;

	}

}
