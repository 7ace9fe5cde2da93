package io.github.migrateboot.observation;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;

/**
 * Stands around each statement of the migrations that a run applies, to see what it does
 * or to send it in another way. While there is one, each statement is sent by itself;
 * everything else is as without: the lock, the transaction of the file, the history.
 * <p>
 * Called by the thread that migrates, on the migrating connection. An exception ends the
 * migration as an error of its statement does.
 */
public interface StatementObserver {

	/**
	 * Nobody: statements may be sent together.
	 */
	StatementObserver NONE = new StatementObserver() {

		@Override
		public boolean isPresent() {
			return false;
		}

		@Override
		public void around(ObservedStatement statement) throws SQLException {
			statement.execute();
		}

	};

	/**
	 * Return whether somebody is there.
	 * @return {@code false} only for {@link #NONE}
	 */
	default boolean isPresent() {
		return true;
	}

	/**
	 * A file's turn has come: the lock is held, where it is held for the whole run, and
	 * no transaction is open.
	 * @param connection the migrating connection, in autocommit
	 * @param file the file
	 * @param script what is to be run
	 * @throws SQLException if the connection is of no use; the run fails then
	 */
	default void beforeFile(Connection connection, MigrationFile file, Script script) throws SQLException {
	}

	/**
	 * A file has been applied and is recorded.
	 * @param connection the migrating connection, in autocommit
	 * @param file the file
	 * @throws SQLException if the connection is of no use; the run fails then
	 */
	default void afterFile(Connection connection, MigrationFile file) throws SQLException {
	}

	/**
	 * Execute a statement, and do what is to be done before and after it. It may be
	 * called again for the same statement if the migration is tried again.
	 * @param statement the statement, which must have been executed when this returns
	 * @throws SQLException if it failed
	 */
	void around(ObservedStatement statement) throws SQLException;

}
