package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.ReadGuard;

/**
 * The default history table of a database.
 *
 * @param connection a connection, in autocommit
 */
record DefaultHistory(Connection connection) {

	boolean hasVersions() throws SQLException {
		Database database = Databases.detect(this.connection);
		TableName table = database.resolve(database.parseTableName("schema_migrations"), this.connection);
		return !new History(database, table, ReadGuard.NONE).read(this.connection).versions().isEmpty();
	}

}
