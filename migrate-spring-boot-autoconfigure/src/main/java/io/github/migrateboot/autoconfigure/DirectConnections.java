package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.migrateboot.connection.MigrationConnections;

/**
 * {@link MigrationConnections} that are all opened with the driver: with a URL or a user
 * of their own there is no pool that has them.
 */
final class DirectConnections implements MigrationConnections {

	private final Supplier<DirectConnector> connector;

	DirectConnections(Supplier<DirectConnector> connector) {
		this.connector = connector;
	}

	@Override
	public Connection borrow() throws SQLException {
		return this.connector.get().connect(Map.of());
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		return Optional.of(this.connector.get().connect(driverProperties));
	}

	Object destination() {
		return this.connector.get().destination();
	}

}
