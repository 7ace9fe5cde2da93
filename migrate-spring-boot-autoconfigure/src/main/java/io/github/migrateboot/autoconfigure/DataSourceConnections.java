package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.MigrationConnections;

/**
 * {@link MigrationConnections} of a {@link DataSource}, usually a pool.
 */
final class DataSourceConnections implements MigrationConnections {

	private final DataSource dataSource;

	DataSourceConnections(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	public Connection borrow() throws SQLException {
		return this.dataSource.getConnection();
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		// derived each time, because a pool's credentials can be changed while it runs
		Optional<DirectConnector> connector = DirectConnector.derivedFrom(this.dataSource);
		return connector.isPresent() ? Optional.of(connector.get().connect(driverProperties)) : Optional.empty();
	}

}
