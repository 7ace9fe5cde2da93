package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.DatabaseAccessException;

/**
 * Words database errors for people, without secrets.
 */
public final class SqlErrors {

	private static final Pattern SECRET_PARAMETER = Pattern.compile("(?i)(password|passwd|pwd|secret|token)=[^\\s&;]+");

	// A password may contain any of the characters that end the host's part of a URL.
	private static final Pattern SECRET_IN_URL = Pattern.compile("://\\S+@");

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
		return (SQLException) withoutSecrets((Throwable) error);
	}

	/**
	 * Return an error that nobody expected as a cause, likewise.
	 * @param error the error
	 * @return the error itself, or a copy without secrets
	 */
	public static Throwable withoutSecrets(Throwable error) {
		return MaskedErrors.mask(error, SqlErrors::withoutSecrets);
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
