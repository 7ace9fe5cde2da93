package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What only PostgreSQL's driver knows; not loaded where it is missing.
 */
final class PostgreSqlDriver {

	private PostgreSqlDriver() {
	}

	static int errorPosition(SQLException error) {
		ServerErrorMessage message = (error instanceof PSQLException known) ? known.getServerErrorMessage() : null;
		return (message != null) ? message.getPosition() : 0;
	}

	/**
	 * What wraps the driver's connection may hide it.
	 */
	static boolean isUsable(Connection connection) throws SQLException {
		return connection.isWrapperFor(BaseConnection.class);
	}

	static SqlChannel channel(Connection connection) throws SQLException {
		return new PostgreSqlChannel(connection.unwrap(BaseConnection.class));
	}

	/**
	 * A pooler answers the handshake by itself, and the query is answered by whatever
	 * session of the server is at hand.
	 */
	static boolean isPooled(Connection connection, int backend) throws SQLException {
		return connection.isWrapperFor(PGConnection.class)
				&& connection.unwrap(PGConnection.class).getBackendPID() != backend;
	}

	/**
	 * A statement that is prepared in one session of the server is unknown to the next.
	 */
	static void withoutPreparedStatements(Connection connection) throws SQLException {
		connection.unwrap(PGConnection.class).setPrepareThreshold(0);
	}

}
