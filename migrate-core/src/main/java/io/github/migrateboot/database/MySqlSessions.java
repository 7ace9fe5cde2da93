package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of MySQL and MariaDB.
 *
 * @param flavor which of the two
 * @param galera whether the server is a node of a Galera cluster
 */
record MySqlSessions(MySqlFlavor flavor, boolean galera) implements Sessions {

	@Override
	public Map<String, String> driverProperties(Instance instance, String driverName) {
		if (!driverName.startsWith("MySQL Connector/J") && !driverName.startsWith("MariaDB Connector/J")) {
			return Map.of();
		}
		// Commas and colons separate the attributes
		String label = instance.label().replaceAll("[,:]", "_");
		long now = Instant.now().getEpochSecond();
		Map<String, String> properties = new HashMap<>(Map.of("tcpKeepAlive", "true"));
		properties.put("connectionAttributes", "migrate_instance:" + label + ",migrate_since:" + now);
		if (driverName.startsWith("MySQL")) {
			// Otherwise the driver asks before each statement whether the session is
			// read-only
			properties.put("readOnlyPropagatesToServer", "false");
		}
		return properties;
	}

	@Override
	public ConnectionTarget target(Connection connection) throws SQLException {
		return target(Jdbc.onlyRow(connection, "SELECT " + targetColumns(this.flavor)), 0);
	}

	static String targetColumns(MySqlFlavor flavor) {
		return flavor.serverExpression() + ", DATABASE()";
	}

	/**
	 * Read the {@link #targetColumns} of a row.
	 */
	static ConnectionTarget target(List<@Nullable String> row, int from) {
		String database = row.get(from + 1);
		if (database == null) {
			throw noDatabase();
		}
		return new ConnectionTarget(Jdbc.text(row, from), database, null);
	}

	static InvalidSettingException noDatabase() {
		return new InvalidSettingException(
				"The connection has no default database, so it is not known where the migrations belong.",
				"Name the database in the URL, as in jdbc:mysql://localhost/orders.");
	}

	@Override
	public SessionState prepare(Connection connection, Instance instance) throws SQLException {
		return new MySqlSession(this.flavor, this.galera, connection).prepare();
	}

}
