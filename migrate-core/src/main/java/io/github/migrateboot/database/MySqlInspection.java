package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What the tables of MySQL and MariaDB about themselves tell of a statement.
 *
 * @param flavor which of the two
 */
record MySqlInspection(MySqlFlavor flavor) implements Inspection {

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return MySqlBlockers.of(this.flavor,
				Long.parseLong(String.valueOf(Jdbc.value(connection, "SELECT CONNECTION_ID()"))));
	}

	@Override
	public SessionActivity activity(Connection connection, long session) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(
				"SELECT CONCAT(user, '@', host), info FROM " + this.flavor.sessionsTable() + " WHERE id = ?")) {
			query.setLong(1, session);
			try (ResultSet row = query.executeQuery()) {
				return row.next() ? new SessionActivity(row.getString(1), row.getString(2)) : SessionActivity.UNKNOWN;
			}
		}
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(this.flavor.progressQuery())) {
			query.setLong(1, session);
			try (ResultSet row = query.executeQuery()) {
				return (row.next() && row.getString(1) != null && row.getLong(2) > 0)
						? StatementProgress.of(row.getString(1), row.getLong(2), row.getLong(3)) : null;
			}
		}
	}

	@Override
	public boolean undoesFailedStatements(Connection connection) throws SQLException {
		return "0".equals(Jdbc.text(Jdbc.onlyRow(connection,
				"SELECT COUNT(*) FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine"
						+ " WHERE t.table_type = 'BASE TABLE' AND e.transactions <> 'YES' AND t.table_schema NOT IN"
						+ " ('mysql', 'sys', 'information_schema', 'performance_schema')"),
				0));
	}

}
