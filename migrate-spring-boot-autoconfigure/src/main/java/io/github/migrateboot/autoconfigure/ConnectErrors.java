package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Set;

import javax.sql.DataSource;

import io.github.migrateboot.failure.Causes;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.StringUtils;

/**
 * What it means that there is no connection.
 */
final class ConnectErrors {

	/** MySQL and MariaDB: connections of the server, of a user at once and in an hour. */
	private static final Set<Integer> TOO_MANY = Set.of(1040, 1203, 1226);

	private ConnectErrors() {
	}

	/**
	 * Ask a DataSource for a connection.
	 * @throws SQLException if the database gives none
	 * @throws MigrationException if the DataSource does not
	 */
	static Connection connect(DataSource dataSource) throws SQLException {
		try {
			Connection connection = dataSource.getConnection();
			requireDatabase(connection);
			return connection;
		}
		catch (IllegalStateException ex) {
			if (isRouting(dataSource)) {
				throw withoutRoute(ex);
			}
			throw withoutConnection(ex);
		}
		catch (MigrationException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw withoutConnection(ex);
		}
	}

	private static void requireDatabase(@Nullable Connection connection) throws SQLException {
		DatabaseMetaData metaData = (connection != null) ? connection.getMetaData() : null;
		if (connection == null || metaData == null || !StringUtils.hasText(metaData.getDatabaseProductName())) {
			String what = (connection != null) ? "a connection that leads to no database" : "no connection";
			if (connection != null) {
				connection.close();
			}
			throw new InvalidSettingException(
					"The DataSource to migrate gives " + what + ", as a mock does. Nothing can be migrated with it.",
					"Set migrate.enabled=false where there is no real DataSource, for example in a test.");
		}
	}

	private static boolean isRouting(DataSource dataSource) {
		return DataSourceUnwrapper.unwrap(dataSource, AbstractRoutingDataSource.class) != null;
	}

	private static InvalidSettingException withoutRoute(IllegalStateException failure) {
		return new InvalidSettingException(FailureText
			.of("The DataSource to migrate chooses one of several databases for each connection, and has none for"
					+ " migrations")
			.and(new FailureText(": " + failure.getMessage(), ""))
			.and("."),
				"Give it a default, or name what is to be migrated: in migrate.databases.<name>.data-source (or .url) for"
						+ " each of the databases, or in migrate.data-source for one of them.",
				failure);
	}

	private static SQLException withoutConnection(RuntimeException failure) {
		for (Throwable cause : Causes.of(failure)) {
			if (cause instanceof SQLException error) {
				return error;
			}
		}
		return new SQLException("the DataSource gives no connection: " + failure, failure);
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

	private static String state(SQLException error) {
		return (error.getSQLState() != null) ? error.getSQLState() : "";
	}

}
