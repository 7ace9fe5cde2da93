package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What H2's information schema tells of a statement.
 */
final class H2Inspection implements Inspection {

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return Blockers.ofH2(Long.parseLong(Sql.text(Sql.row(connection, "SELECT SESSION_ID()"), 0)));
	}

}
