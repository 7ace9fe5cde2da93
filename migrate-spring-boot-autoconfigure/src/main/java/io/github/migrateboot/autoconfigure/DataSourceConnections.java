package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.connection.MigrationConnections;

/**
 * {@link MigrationConnections} of a {@link DataSource}, usually a pool.
 */
final class DataSourceConnections implements MigrationConnections {

	private final DataSource dataSource;

	private final Map<String, String> driverProperties;

	DataSourceConnections(DataSource dataSource) {
		this(dataSource, Map.of());
	}

	/**
	 * Create connections.
	 * @param dataSource the application's DataSource
	 * @param driverProperties driver properties of the connections outside the pool
	 */
	DataSourceConnections(DataSource dataSource, Map<String, String> driverProperties) {
		this.dataSource = dataSource;
		this.driverProperties = Map.copyOf(driverProperties);
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	Object destination() {
		return DirectConnector.derivedFrom(this.dataSource).map(DirectConnector::destination).orElse(this.dataSource);
	}

	@Override
	public Connection borrow() throws SQLException {
		return this.dataSource.getConnection();
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		// derived each time, because a pool's credentials can be changed while it runs
		Optional<DirectConnector> connector = DirectConnector.derivedFrom(this.dataSource);
		if (connector.isEmpty()) {
			return Optional.empty();
		}
		Map<String, String> properties = new HashMap<>(this.driverProperties);
		properties.putAll(driverProperties);
		return Optional.of(connector.get().connect(properties));
	}

}
