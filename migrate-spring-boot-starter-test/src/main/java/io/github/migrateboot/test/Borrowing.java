package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.connection.MigrationConnections;

/**
 * Connections of the test's DataSource, which need not be one that others can be derived
 * from.
 *
 * @param dataSource the DataSource
 */
record Borrowing(DataSource dataSource) implements MigrationConnections {

	@Override
	public Connection borrow() throws SQLException {
		return this.dataSource.getConnection();
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) {
		return Optional.empty();
	}

}
