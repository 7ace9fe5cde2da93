package io.github.migrateboot.autoconfigure;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * What the refusal of a connection means.
 */
final class ConnectErrors {

	/** MySQL and MariaDB: connections of the server, of a user at once and in an hour. */
	private static final Set<Integer> TOO_MANY = Set.of(1040, 1203, 1226);

	private ConnectErrors() {
	}

	/**
	 * Return whether the server does not let this user in with this password.
	 */
	static boolean isNotAuthenticated(SQLException error) {
		return state(error).startsWith("28");
	}

	/**
	 * Return whether there are as many connections as server, database or user may have.
	 */
	static boolean isTooMany(SQLException error) {
		return state(error).equals("53300") || TOO_MANY.contains(error.getErrorCode());
	}

	/**
	 * Return what to throw. That there are too many connections may pass, whatever the
	 * driver calls it, and says nothing about the one that migrations need.
	 */
	static SQLException explained(SQLException error) {
		if (!isTooMany(error)) {
			return error;
		}
		return new SQLTransientConnectionException(
				"no connection is left for migrations, which need one beside those that are in use ("
						+ error.getMessage() + ")",
				error.getSQLState(), error.getErrorCode(), error);
	}

	private static String state(SQLException error) {
		return (error.getSQLState() != null) ? error.getSQLState() : "";
	}

}
