package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's statistics and catalog tell of a statement.
 */
final class PostgreSqlInspection implements Inspection {

	@Override
	public Blockers blockers(Connection connection, Instance instance) {
		return Blockers.ofPostgreSql(instance);
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		return PostgreSqlProgress.ask(connection, session);
	}

	@Override
	public ConcurrentIndexes concurrentIndexes() {
		return new ConcurrentIndexes();
	}

}
