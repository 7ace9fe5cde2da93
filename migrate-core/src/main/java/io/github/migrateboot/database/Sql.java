package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The little JDBC that the databases have in common.
 */
final class Sql {

	private static final Logger logger = LoggerFactory.getLogger(Sql.class);

	private Sql() {
	}

	/**
	 * Return the only row of a query, as text.
	 */
	static List<@Nullable String> row(Connection connection, String query) throws SQLException {
		List<List<@Nullable String>> rows = rows(connection, query, 1);
		if (rows.isEmpty()) {
			throw new SQLException("The query returned no row: " + query);
		}
		return rows.get(0);
	}

	/**
	 * Return the rows of a query with two columns, a name (put into lower case) and a
	 * value (an empty string for null).
	 */
	static Map<String, String> pairs(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// Not executeQuery, which refuses a second statement after the query.
			statement.execute(query);
			Map<String, String> pairs = new LinkedHashMap<>();
			ResultSet result = statement.getResultSet();
			while (result.next()) {
				String value = result.getString(2);
				pairs.put(result.getString(1).toLowerCase(Locale.ROOT), (value != null) ? value : "");
			}
			return pairs;
		}
	}

	/**
	 * Return the first rows of a query, as text.
	 */
	static List<List<@Nullable String>> rows(Connection connection, String query, int limit) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
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
	}

	/**
	 * Return the whole milliseconds of a time, not less than it.
	 */
	static long millis(Duration time) {
		return time.plusNanos(999_999).toMillis();
	}

	/**
	 * Return the whole seconds of a time, not less than it.
	 */
	static long seconds(Duration time) {
		return time.plusNanos(999_999_999).toSeconds();
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	static void closeQuietly(Statement statement) {
		try {
			statement.close();
		}
		catch (SQLException ex) {
			logger.debug("Could not close a statement", ex);
		}
	}

	/**
	 * Return whether the error itself, one of its causes or one of the errors chained to
	 * it is of a kind.
	 */
	static boolean any(SQLException error, Predicate<SQLException> kind) {
		for (Throwable throwable : error) {
			if (throwable instanceof SQLException one && kind.test(one)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return a value that is never null.
	 */
	static String text(List<@Nullable String> row, int column) {
		String value = row.get(column);
		return (value != null) ? value : "";
	}

	static String quote(String identifier, String quote) {
		return quote + identifier.replace(quote, quote + quote) + quote;
	}

	static String literal(String value) {
		return quote(value, "'");
	}

	/**
	 * Check a table name from the configuration.
	 */
	static TableName table(@Nullable String schema, String name, String configured) {
		if (name.isBlank() || (schema != null && schema.isBlank())) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', in which the schema or the table is empty.",
					"Set migrate.table to a table name such as "
							+ "schema_migrations, or on PostgreSQL to a schema and a table such as app.schema_migrations.");
		}
		if (configured.indexOf('\0') >= 0) {
			throw new InvalidSettingException("The name of the history table contains a NUL character.",
					"Set migrate.table to a table name such as schema_migrations.");
		}
		return new TableName(schema, name);
	}

	/**
	 * Check that the server does not cut the name off, nor that of a table that belongs
	 * to it.
	 */
	static void requireLength(int length, int longest, String unit, String configured) {
		if (length > longest) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', which has " + length + " " + unit + ".",
					"Set migrate.table to a name of at most " + longest + " " + unit
							+ ", so that the journal's name fits in too.");
		}
	}

}
