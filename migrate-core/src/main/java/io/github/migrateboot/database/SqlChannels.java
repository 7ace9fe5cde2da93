package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens channels.
 */
public final class SqlChannels {

	private SqlChannels() {
	}

	/**
	 * Open a channel on a connection, whose transactions and autocommit stay the
	 * caller's.
	 * @param connection the connection, which closing the channel leaves open
	 * @return the channel
	 * @throws SQLException if the connection is of no use
	 */
	public static SqlChannel open(Connection connection) throws SQLException {
		return open(connection, true, ServerMessage.Listener.LOG);
	}

	/**
	 * Open a channel on a connection, whose transactions and autocommit stay the
	 * caller's.
	 * @param connection the connection, which closing the channel leaves open
	 * @param asks whether it may ask the server what it has to say, where the server
	 * doesn't say it by itself
	 * @param messages is told what the server says
	 * @return the channel
	 * @throws SQLException if the connection is of no use
	 */
	public static SqlChannel open(Connection connection, boolean asks, ServerMessage.Listener messages)
			throws SQLException {
		SqlChannel known = PostgreSqlDriver.channel(connection, messages);
		return (known != null) ? known : new JdbcChannel(connection, asks, messages);
	}

}
