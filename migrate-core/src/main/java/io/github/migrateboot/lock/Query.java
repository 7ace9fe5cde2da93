package io.github.migrateboot.lock;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The little JDBC that the strategies have in common.
 */
final class Query {

	private Query() {
	}

	/**
	 * Return the first row as text.
	 */
	static Optional<List<@Nullable String>> row(Connection connection, String sql, Object... parameters)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			bind(statement, parameters);
			return row(statement);
		}
	}

	private static Optional<List<@Nullable String>> row(PreparedStatement statement) throws SQLException {
		try (ResultSet result = statement.executeQuery()) {
			if (!result.next()) {
				return Optional.empty();
			}
			List<@Nullable String> row = new ArrayList<>();
			for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
				row.add(result.getString(i));
			}
			return Optional.of(row);
		}
	}

	/**
	 * Return the only value of the only row as text.
	 */
	static @Nullable String value(Connection connection, String sql, Object... parameters) throws SQLException {
		return row(connection, sql, parameters)
			.orElseThrow(() -> new SQLException("The server answered nothing to: " + sql))
			.get(0);
	}

	/**
	 * Return the only value of the only row of a statement as text.
	 */
	static @Nullable String value(PreparedStatement statement) throws SQLException {
		return row(statement).orElseThrow(() -> new SQLException("The server answered nothing")).get(0);
	}

	/**
	 * Return whether a condition is true, and not unknown.
	 */
	static boolean isTrue(Connection connection, String condition) throws SQLException {
		return "1".equals(value(connection, "SELECT CASE WHEN " + condition + " THEN 1 ELSE 0 END"));
	}

	static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
		if (parameters.length == 0) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
			return;
		}
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			bind(statement, parameters);
			statement.execute();
		}
	}

	/**
	 * Convert seconds since 1970, possibly with a fraction.
	 */
	static @Nullable Instant instant(@Nullable String seconds) {
		return (seconds != null)
				? Instant.ofEpochMilli(new BigDecimal(seconds).multiply(BigDecimal.valueOf(1000)).longValue()) : null;
	}

	private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
	}

}
