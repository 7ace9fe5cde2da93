package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistorySnapshot;

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
			.map(HistorySnapshot::versions)
			.filter((versions) -> !versions.isEmpty())
			.isPresent();
	}

}
