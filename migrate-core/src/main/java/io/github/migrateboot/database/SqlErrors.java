package io.github.migrateboot.database;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.DatabaseAccessException;

/**
 * Words database errors for people, without secrets.
 */
public final class SqlErrors {

	private static final Pattern SECRET_PARAMETER = Pattern.compile("(?i)(password|passwd|pwd|secret|token)=[^\\s&;]+");

	// A password may contain any of the characters that end the host's part of a URL.
	private static final Pattern SECRET_IN_URL = Pattern.compile("://\\S+@");

	/** PostgreSQL. */
	private static final String TOO_MANY_STATE = "53300";

	/** MySQL and MariaDB: of the server, of a user at once, and in an hour. */
	private static final Set<Integer> TOO_MANY = Set.of(1040, 1203, 1226);

	private SqlErrors() {
	}

	public static String describe(SQLException error) {
		String message = withoutSecrets(String.valueOf(error.getMessage()).strip());
		String state = (error.getSQLState() != null) ? "SQLSTATE " + error.getSQLState() + ", " : "";
		return message + " [" + state + "code " + error.getErrorCode() + "]";
	}

	private static String withoutSecrets(String text) {
		String masked = SECRET_PARAMETER.matcher(text).replaceAll("$1=***");
		return SECRET_IN_URL.matcher(masked).replaceAll("://***@");
	}

	/**
	 * Return the error as a cause, of which a stack trace may be printed: drivers put the
	 * whole URL into some messages.
	 */
	private static SQLException harmless(SQLException error) {
		StringWriter trace = new StringWriter();
		error.printStackTrace(new PrintWriter(trace));
		String text = trace.toString();
		if (text.equals(withoutSecrets(text))) {
			return error;
		}
		SQLException copy = new SQLException(withoutSecrets(String.valueOf(error.getMessage())), error.getSQLState(),
				error.getErrorCode());
		copy.setStackTrace(error.getStackTrace());
		return copy;
	}

	/**
	 * Return the error that the server sent, in the case of a batch.
	 */
	public static SQLException serverError(SQLException error) {
		SQLException next = error.getNextException();
		return (next != null) ? next : error;
	}

	public static boolean isConnectionLost(SQLException error) {
		String state = serverError(error).getSQLState();
		// 57P01 to 57P03: the server ends the session (PostgreSQL); 90067, 90121: H2.
		return state != null && (state.startsWith("08") || state.startsWith("57P0") || state.equals("90067")
				|| state.equals("90121"));
	}

	/**
	 * Return whether a connection was refused because server, database or user has as
	 * many as it may, which may pass.
	 */
	public static boolean isOutOfConnections(SQLException error) {
		return Sql.any(error,
				(one) -> TOO_MANY_STATE.equals(one.getSQLState()) || TOO_MANY.contains(one.getErrorCode()));
	}

	/**
	 * Return whether the driver failed before the server's answer came, so that what was
	 * asked may have been done.
	 */
	public static boolean isUnanswered(SQLException error) {
		String state = serverError(error).getSQLState();
		return state == null || state.startsWith("08");
	}

	private static boolean isWithoutQuorum(SQLException error) {
		return serverError(error).getErrorCode() == 1047 && String.valueOf(error.getMessage()).contains("WSREP");
	}

	public static DatabaseAccessException access(String doing, SQLException error) {
		if (isOutOfConnections(error)) {
			return new DatabaseAccessException(
					"The database refused a connection while " + doing + ", for which a run needs one beside those that"
							+ " are in use: " + describe(error) + ".",
					"Let the user, the database or the server have a connection more, or make the application's pool"
							+ " smaller; migrate.connect-timeout waits until one is free. Nothing that was applied before"
							+ " is lost.",
					harmless(error));
		}
		return new DatabaseAccessException(
				"The database could not be used while " + doing + ": " + describe(error) + "."
						+ (isWithoutQuorum(error) ? " This node of the Galera cluster is cut off from the others, or"
								+ " catching up with them, and refuses every query." : ""),
				isWithoutQuorum(error)
						? "Bring the cluster back (see wsrep_cluster_status and wsrep_ready on each node), or connect to"
								+ " a node that is part of the primary component, then start again. Nothing that was"
								+ " applied before is lost."
						: "See whether the database is up and reachable from this host with the application's user, then start"
								+ " again. Nothing that was applied before is lost.",
				harmless(error));
	}

}
