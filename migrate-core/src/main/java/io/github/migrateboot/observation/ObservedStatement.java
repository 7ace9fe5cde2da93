package io.github.migrateboot.observation;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.ServerMessage;
import io.github.migrateboot.script.SqlStatement;

/**
 * A statement of a migration whose turn has come. Its limits are set: what is sent by
 * {@link #execute} can be cancelled and is watched as always.
 */
public interface ObservedStatement {

	/**
	 * Return the statement as it is written.
	 * @return the statement
	 */
	SqlStatement statement();

	/**
	 * Return the connection that it is to be executed on. If it is not in autocommit, the
	 * transaction of the file is open; on SQLite it is also in autocommit then.
	 * @return the migrating connection
	 */
	Connection connection();

	/**
	 * Return the kind of database.
	 * @return the database
	 */
	Database database();

	/**
	 * Return whether nothing may be executed before it, because it asks about the
	 * statement before it.
	 * @return whether it is joined to the one before
	 */
	boolean isJoined();

	/**
	 * Return whether nothing may be executed after it, because the next one asks about
	 * it.
	 * @return whether the next one is joined to it
	 */
	boolean isFollowed();

	/**
	 * Execute it as it is written, and log what the server says.
	 * @throws SQLException if it fails
	 */
	default void execute() throws SQLException {
		execute(statement().text(), ServerMessage.Listener.LOG);
	}

	/**
	 * Execute it with another text.
	 * @param text what is sent
	 * @param messages is told what the server says meanwhile
	 * @throws SQLException if it fails
	 */
	void execute(String text, ServerMessage.Listener messages) throws SQLException;

}
