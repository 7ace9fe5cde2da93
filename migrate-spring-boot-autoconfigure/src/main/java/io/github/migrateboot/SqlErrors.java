package io.github.migrateboot;

import java.sql.SQLException;
import java.util.regex.Pattern;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.HistoryAccessException;

/**
 * Words database errors for people, without secrets.
 */
final class SqlErrors {

	private static final Pattern SECRET_PARAMETER = Pattern
		.compile("(?i)\\b(password|passwd|pwd|secret|token)(\\s*[=:]\\s*)[^\\s&;,)]+");

	private static final Pattern SECRET_IN_URL = Pattern.compile("://[^\\s/@]+@");

	private SqlErrors() {
	}

	static String describe(SQLException error) {
		String message = String.valueOf(error.getMessage()).strip();
		message = SECRET_PARAMETER.matcher(message).replaceAll("$1$2***");
		message = SECRET_IN_URL.matcher(message).replaceAll("://***@");
		String state = (error.getSQLState() != null) ? "SQLSTATE " + error.getSQLState() + ", " : "";
		return message + " [" + state + "code " + error.getErrorCode() + "]";
	}

	/**
	 * Return the error that the server sent, in the case of a batch.
	 */
	static SQLException serverError(SQLException error) {
		SQLException next = error.getNextException();
		return (next != null) ? next : error;
	}

	static boolean isConnectionLost(SQLException error) {
		String state = serverError(error).getSQLState();
		// 57P01 to 57P03: the server ends the session (PostgreSQL); 90067, 90121: H2.
		return state != null && (state.startsWith("08") || state.startsWith("57P0") || state.equals("90067")
				|| state.equals("90121"));
	}

	static DatabaseAccessException access(String doing, SQLException error) {
		return new DatabaseAccessException(
				"The database could not be used while " + doing + ": " + describe(error) + ".",
				"See whether the database is up and reachable from this host with the application's user, then start"
						+ " again. Nothing that was applied before is lost.",
				error);
	}

	static HistoryAccessException history(String doing, Database database, TableName table, SQLException error) {
		String hint = database.isPermissionDenied(error)
				? "Grant the application's user the privileges that the README lists for " + database.displayName()
						+ ", or set migrate.table to a table that it may use, then start again."
				: "Mend what the database's message says, then start again.";
		return new HistoryAccessException("The history table " + table + " or its journal could not be " + doing + ": "
				+ describe(serverError(error)) + ".", hint, error);
	}

}
