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
		SqlChannel known = PostgreSqlDriver.channel(connection);
		return (known != null) ? known : new JdbcChannel(connection);
	}

}
