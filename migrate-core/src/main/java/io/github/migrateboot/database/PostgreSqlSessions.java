package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Sessions of PostgreSQL.
 *
 * @param pooled whether a pooler stands between
 */
record PostgreSqlSessions(boolean pooled) implements Sessions {

	/**
	 * The postmaster's start time identifies the server: everybody may read it, it is the
	 * same over TCP and over a Unix socket, and it differs between a server and its
	 * replica or its clone, which share the system identifier.
	 */
	static final String TARGET = "extract(epoch from pg_catalog.pg_postmaster_start_time())::text, "
			+ "pg_catalog.current_database(), pg_catalog.current_schema(), current_user::text, "
			+ "(select setting from pg_catalog.pg_settings where name = 'search_path'), "
			+ "(select source from pg_catalog.pg_settings where name = 'search_path')";

	/** How many columns that are. */
	static final int TARGET_COLUMNS = 6;

	@Override
	public Map<String, String> driverProperties(Instance instance, String driverName) {
		if (!driverName.startsWith("PostgreSQL")) {
			return Map.of();
		}
		Map<String, String> properties = new HashMap<>();
		properties.put("ApplicationName", instance.label());
		// Makes the name part of the handshake; otherwise the driver executes a SET,
		// which behind a pooler hits whatever session is at hand
		properties.put("assumeMinServerVersion", "9.0");
		properties.put("tcpKeepAlive", "true");
		if (this.pooled) {
			properties.put("prepareThreshold", "0");
		}
		return properties;
	}

	@Override
	public ConnectionTarget target(Connection connection) throws SQLException {
		return target(Jdbc.onlyRow(connection, "select " + TARGET));
	}

	/**
	 * Read a row that begins with {@link #TARGET}.
	 */
	static ConnectionTarget target(List<@Nullable String> row) {
		String named = new PostgreSqlSearchPath(Jdbc.text(row, 4), Jdbc.text(row, 5), List.of()).named();
		return (named != null) ? new ConnectionTarget(Jdbc.text(row, 0), Jdbc.text(row, 1), named)
				: new ConnectionTarget(Jdbc.text(row, 0), Jdbc.text(row, 1), row.get(2), row.get(3));
	}

	@Override
	public boolean areReplaceable() {
		return true;
	}

	@Override
	public SqlAction driverState(Connection connection) throws SQLException {
		return this.pooled ? PostgreSqlDriver.preparedStatements(connection) : Sessions.super.driverState(connection);
	}

	@Override
	public SessionState prepare(Connection connection, Instance instance) throws SQLException {
		if (!this.pooled) {
			return PostgreSqlSession.prepare(connection, instance);
		}
		PostgreSqlDriver.withoutPreparedStatements(connection);
		return PooledPostgreSqlSession.prepare(connection, instance);
	}

}
