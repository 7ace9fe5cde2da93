package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.Causes;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.ErrorCode;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.script.SqlSecrets;

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

	/**
	 * PostgreSQL's for limits of an idle session, an idle transaction and a transaction,
	 * and for ends that others have brought about; and H2's.
	 */
	private static final Set<String> ENDS_SESSION = Set.of("25P03", "25P04", "57P01", "57P02", "57P03", "57P04",
			"57P05", "90067", "90121");

	private static final int VALIDATION_SECONDS = 10;

	private SqlErrors() {
	}

	/**
	 * Describe an error.
	 * @param error the error
	 * @return the server's message, state and code
	 */
	public static String describe(SQLException error) {
		return describe(error, SqlSecrets::mask);
	}

	/**
	 * Describe the error of a statement, without the credentials that it may carry.
	 * @param error the error
	 * @param sql the statement
	 * @return the server's message, state and code
	 */
	public static String describe(SQLException error, String sql) {
		return describe(error, (message) -> SqlSecrets.mask(message, sql));
	}

	private static String describe(SQLException error, UnaryOperator<String> mask) {
		String message = withoutSecrets(mask.apply(String.valueOf(error.getMessage()).strip()));
		return message + " [" + ErrorCode.of(error) + "]";
	}

	/**
	 * Word an error for the description of a failure.
	 * @param error the error
	 * @return the server's message, state and code; in the summary state and code only
	 */
	public static FailureText text(SQLException error) {
		return new FailureText(describe(error), ErrorCode.of(error));
	}

	/**
	 * Word the error of a statement for the description of a failure.
	 * @param error the error
	 * @param sql the statement
	 * @return the server's message without the credentials that it may carry, state and
	 * code; in the summary state and code only
	 */
	public static FailureText text(SQLException error, String sql) {
		return new FailureText(describe(error, sql), ErrorCode.of(error));
	}

	private static String withoutSecrets(String text) {
		String masked = SECRET_PARAMETER.matcher(text).replaceAll("$1=***");
		return SECRET_IN_URL.matcher(masked).replaceAll("://***@");
	}

	/**
	 * Return the error as a cause, of which a stack trace may be printed: drivers put the
	 * whole URL into some messages, and servers parts of the statement.
	 * @param error the error
	 * @param sql the statement
	 * @return the error itself, or one without secrets
	 */
	public static SQLException harmless(SQLException error, String sql) {
		return harmless(error, (message) -> withoutSecrets(SqlSecrets.mask(message, sql)));
	}

	private static SQLException harmless(SQLException error, UnaryOperator<String> mask) {
		return (SQLException) MaskedErrors.mask(error, mask);
	}

	/**
	 * Return an error that nobody expected as a cause, likewise.
	 * @param error the error
	 * @return the error itself, or a copy without secrets
	 */
	public static Throwable withoutSecrets(Throwable error) {
		return MaskedErrors.mask(error, (message) -> withoutSecrets(SqlSecrets.mask(message)));
	}

	/**
	 * Return whether the error itself, one of its causes or one of the errors chained to
	 * it is of a kind.
	 */
	static boolean any(SQLException error, Predicate<SQLException> kind) {
		for (Throwable cause : Causes.of(error)) {
			if (cause instanceof SQLException one && kind.test(one)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the error that the server sent, in the case of a batch.
	 * @param error what the driver threw
	 * @return what the server said, or the error itself
	 */
	public static SQLException serverError(SQLException error) {
		SQLException next = error.getNextException();
		return (next != null) ? next : error;
	}

	/**
	 * Return whether the error is one that comes with the loss of the connection. Where
	 * there still is a connection to ask, {@link #isLost} knows.
	 * @param error what the driver threw
	 * @return whether it means that the connection is lost
	 */
	public static boolean isConnectionLost(SQLException error) {
		String state = serverError(error).getSQLState();
		return state != null && (state.startsWith("08") || ENDS_SESSION.contains(state));
	}

	/**
	 * Return whether a connection is lost, whatever is said about it.
	 * @param connection the connection
	 * @return whether it is closed or does not answer
	 */
	public static boolean isLost(Connection connection) {
		try {
			return connection.isClosed() || !connection.isValid(VALIDATION_SECONDS);
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * Return whether a connection was refused because server, database or user has as
	 * many as it may, which may pass.
	 * @param error what the driver threw
	 * @return whether it means that there are too many connections
	 */
	public static boolean isOutOfConnections(SQLException error) {
		return any(error, (one) -> TOO_MANY_STATE.equals(one.getSQLState()) || TOO_MANY.contains(one.getErrorCode()));
	}

	/**
	 * Return whether the driver failed before the server's answer came, so that what was
	 * asked may have been done.
	 * @param error what the driver threw
	 * @return whether it is unknown what the server did
	 */
	public static boolean isUnanswered(SQLException error) {
		String state = serverError(error).getSQLState();
		return state == null || state.startsWith("08");
	}

	private static boolean isWithoutQuorum(SQLException error) {
		return serverError(error).getErrorCode() == 1047 && String.valueOf(error.getMessage()).contains("WSREP");
	}

	/**
	 * Return what to throw when the database refused something that a run needs.
	 * @param doing what was being done, to follow "while"
	 * @param error what the driver threw
	 * @return the exception
	 */
	public static DatabaseAccessException access(String doing, SQLException error) {
		if (isOutOfConnections(error)) {
			return new DatabaseAccessException(
					FailureText
						.of("The database refused a connection while " + doing
								+ ", for which a run needs one beside those that are in use: ")
						.and(text(error))
						.and("."),
					"Let the user, the database or the server have a connection more, or make the application's pool"
							+ " smaller; migrate.connect-timeout waits until one is free. Nothing that was applied before"
							+ " is lost.",
					harmless(error, (message) -> withoutSecrets(SqlSecrets.mask(message))));
		}
		return new DatabaseAccessException(FailureText.of("The database could not be used while " + doing + ": ")
			.and(text(error))
			.and("." + (isWithoutQuorum(error) ? " This node of the Galera cluster is cut off from the others, or"
					+ " catching up with them, and refuses every query." : "")),
				isWithoutQuorum(error)
						? "Bring the cluster back (see wsrep_cluster_status and wsrep_ready on each node), or connect to"
								+ " a node that is part of the primary component, then start again. Nothing that was"
								+ " applied before is lost."
						: "See whether the database is up and reachable from this host with the application's user, then start"
								+ " again. Nothing that was applied before is lost.",
				harmless(error, (message) -> withoutSecrets(SqlSecrets.mask(message))));
	}

}
