package io.github.migrateboot.failure;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The part of a database's error that quotes nothing: state and code.
 */
public final class ErrorCode {

	private static final Pattern AT_END = Pattern.compile("\\[((?:SQLSTATE [0-9A-Za-z]{1,5}, )?code -?[0-9]{1,11})]$");

	private ErrorCode() {
	}

	/**
	 * Return state and code of an error.
	 * @param error the error
	 * @return for example {@code SQLSTATE 42P01, code 0}, without the state if there is
	 * none
	 */
	public static String of(SQLException error) {
		String state = error.getSQLState();
		return ((state != null) ? "SQLSTATE " + state + ", " : "") + "code " + error.getErrorCode();
	}

	/**
	 * Return what a description of an error ends with, as the journal keeps it.
	 * @param description the description
	 * @return state and code, or {@code null} if it does not end with them
	 */
	public static @Nullable String in(String description) {
		Matcher matcher = AT_END.matcher(description.strip());
		return matcher.find() ? matcher.group(1) : null;
	}

}
