package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The little JDBC that databases and locks have in common: one statement, its answer as
 * text.
 */
public final class Jdbc {

	private Jdbc() {
	}

	/**
	 * Execute a statement.
	 * @param connection where
	 * @param sql the statement
	 * @param parameters its parameters
	 * @throws SQLException if it fails
	 */
	public static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
		if (parameters.length == 0) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
			return;
		}
		update(connection, sql, parameters);
	}

	/**
	 * Change rows.
	 * @param connection where
	 * @param sql the statement
	 * @param parameters its parameters
	 * @return how many rows were changed
	 * @throws SQLException if it fails
	 */
	public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			bind(statement, parameters);
			return statement.executeUpdate();
		}
	}

	/**
	 * Return the first row of a query.
	 * @param connection where
	 * @param sql the query
	 * @param parameters its parameters
	 * @return the row, or empty if there is none
	 * @throws SQLException if it fails
	 */
	public static Optional<List<@Nullable String>> row(Connection connection, String sql, Object... parameters)
			throws SQLException {
		return rows(connection, 1, sql, parameters).stream().findFirst();
	}

	/**
	 * Return the only row of a query that always has one.
	 * @param connection where
	 * @param sql the query
	 * @param parameters its parameters
	 * @return the row
	 * @throws SQLException if it fails, or gives no row
	 */
	public static List<@Nullable String> onlyRow(Connection connection, String sql, Object... parameters)
			throws SQLException {
		return row(connection, sql, parameters)
			.orElseThrow(() -> new SQLException("The server answered nothing to: " + sql));
	}

	/**
	 * Return the only value of a query that always has one.
	 * @param connection where
	 * @param sql the query
	 * @param parameters its parameters
	 * @return the value
	 * @throws SQLException if it fails, or gives no row
	 */
	public static @Nullable String value(Connection connection, String sql, Object... parameters) throws SQLException {
		return onlyRow(connection, sql, parameters).get(0);
	}

	/**
	 * Return whether a condition is true, and not unknown.
	 * @param connection where
	 * @param condition the condition
	 * @return whether it is true
	 * @throws SQLException if it can't be told
	 */
	public static boolean isTrue(Connection connection, String condition) throws SQLException {
		return "1".equals(value(connection, "SELECT CASE WHEN " + condition + " THEN 1 ELSE 0 END"));
	}

	/**
	 * Return a value of a row, an empty text for NULL.
	 * @param row the row
	 * @param column the index of the column, from 0
	 * @return the value
	 */
	public static String text(List<@Nullable String> row, int column) {
		String value = row.get(column);
		return (value != null) ? value : "";
	}

	/**
	 * Return the first rows of a query.
	 */
	static List<List<@Nullable String>> rows(Connection connection, int limit, String sql, Object... parameters)
			throws SQLException {
		if (parameters.length == 0) {
			try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
				return rows(result, limit);
			}
		}
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			bind(statement, parameters);
			try (ResultSet result = statement.executeQuery()) {
				return rows(result, limit);
			}
		}
	}

	private static List<List<@Nullable String>> rows(ResultSet result, int limit) throws SQLException {
		List<List<@Nullable String>> rows = new ArrayList<>();
		while (rows.size() < limit && result.next()) {
			List<@Nullable String> row = new ArrayList<>();
			for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
				row.add(result.getString(column));
			}
			rows.add(row);
		}
		return rows;
	}

	/**
	 * Return the rows of a query with two columns, a name (put into lower case) and a
	 * value (an empty text for NULL). Another statement may follow the query.
	 */
	static Map<String, String> pairs(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// Not executeQuery, which refuses a second statement after the query
			statement.execute(sql);
			Map<String, String> pairs = new LinkedHashMap<>();
			ResultSet result = statement.getResultSet();
			while (result.next()) {
				String value = result.getString(2);
				pairs.put(result.getString(1).toLowerCase(Locale.ROOT), (value != null) ? value : "");
			}
			return pairs;
		}
	}

	private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
	}

}
