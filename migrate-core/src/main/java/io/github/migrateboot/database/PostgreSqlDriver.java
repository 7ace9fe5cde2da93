package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.util.ClassUtils;

/**
 * What only PostgreSQL's own driver knows, where it is there.
 */
final class PostgreSqlDriver {

	private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.PGConnection",
			PostgreSqlDriver.class.getClassLoader());

	private PostgreSqlDriver() {
	}

	static int errorPosition(SQLException error) {
		return PRESENT ? Present.errorPosition(error) : 0;
	}

	/**
	 * Return a channel below JDBC, or {@code null} if the connection is another driver's
	 * or what wraps it hides it.
	 */
	static @Nullable SqlChannel channel(Connection connection, ServerMessage.Listener messages) throws SQLException {
		return PRESENT ? Present.channel(connection, messages) : null;
	}

	/**
	 * A pooler answers the handshake by itself, and the query is answered by whatever
	 * session of the server is at hand.
	 */
	static boolean isPooled(Connection connection, int backend) throws SQLException {
		return PRESENT && Present.isPooled(connection, backend);
	}

	/**
	 * Return what undoes {@link #withoutPreparedStatements}.
	 */
	static SqlAction preparedStatements(Connection connection) throws SQLException {
		return Present.preparedStatements(connection);
	}

	/**
	 * A statement that is prepared in one session of the server is unknown to the next.
	 */
	static void withoutPreparedStatements(Connection connection) throws SQLException {
		Present.withoutPreparedStatements(connection);
	}

	/**
	 * Not loaded where the driver is missing.
	 */
	private static final class Present {

		private Present() {
		}

		static @Nullable SqlChannel channel(Connection connection, ServerMessage.Listener messages)
				throws SQLException {
			return connection.isWrapperFor(BaseConnection.class)
					? new PostgreSqlChannel(connection.unwrap(BaseConnection.class), messages) : null;
		}

		static int errorPosition(SQLException error) {
			ServerErrorMessage message = (error instanceof PSQLException known) ? known.getServerErrorMessage() : null;
			return (message != null) ? message.getPosition() : 0;
		}

		static boolean isPooled(Connection connection, int backend) throws SQLException {
			return connection.isWrapperFor(PGConnection.class)
					&& connection.unwrap(PGConnection.class).getBackendPID() != backend;
		}

		static SqlAction preparedStatements(Connection connection) throws SQLException {
			PGConnection driver = connection.unwrap(PGConnection.class);
			int threshold = driver.getPrepareThreshold();
			return () -> driver.setPrepareThreshold(threshold);
		}

		static void withoutPreparedStatements(Connection connection) throws SQLException {
			connection.unwrap(PGConnection.class).setPrepareThreshold(0);
		}

	}

}
