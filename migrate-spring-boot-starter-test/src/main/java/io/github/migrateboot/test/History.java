package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.Snapshot;

/**
 * The default history table.
 */
final class History {

	private final Connection connection;

	private final Database database;

	private final TableName table;

	History(Connection connection) throws SQLException {
		this.connection = connection;
		this.database = Databases.detect(connection);
		this.table = this.database.resolve(this.database.parseTableName("schema_migrations"), connection);
	}

	boolean hasVersions() throws SQLException {
		return new HistoryReader(this.database, this.table).read(this.connection)
			.map(Snapshot::versions)
			.filter((versions) -> !versions.isEmpty())
			.isPresent();
	}

	/**
	 * Forget a version as {@code dbmate rollback} does.
	 */
	void remove(String version) throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("DELETE FROM " + this.table.quoted(this.database) + " WHERE version = ?")) {
			statement.setString(1, version);
			statement.executeUpdate();
		}
	}

}
