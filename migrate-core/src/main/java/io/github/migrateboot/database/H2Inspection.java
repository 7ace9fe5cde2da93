package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What H2's information schema tells of a statement.
 */
final class H2Inspection implements Inspection {

	private static final String BLOCKER = """
			SELECT b.SESSION_ID, b.USER_NAME, b.SESSION_STATE, DATEDIFF(SECOND, b.SESSION_START, CURRENT_TIMESTAMP),
			b.EXECUTING_STATEMENT FROM INFORMATION_SCHEMA.SESSIONS w
			JOIN INFORMATION_SCHEMA.SESSIONS b ON b.SESSION_ID = w.BLOCKER_ID WHERE w.SESSION_ID = ?
			""";

	/** Whoever has a lock on a table other than ours. */
	private static final String TABLE_LOCKS = """
			SELECT DISTINCT b.SESSION_ID, b.USER_NAME, b.SESSION_STATE,
			DATEDIFF(SECOND, b.SESSION_START, CURRENT_TIMESTAMP), b.EXECUTING_STATEMENT
			FROM INFORMATION_SCHEMA.LOCKS l JOIN INFORMATION_SCHEMA.SESSIONS b ON b.SESSION_ID = l.SESSION_ID
			WHERE l.SESSION_ID NOT IN (?, SESSION_ID()) AND l.TABLE_NAME NOT LIKE '%!_lock' ESCAPE '!'
			""";

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		long session = Long.parseLong(String.valueOf(Jdbc.value(connection, "SELECT SESSION_ID()")));
		return new Blockers(new H2Errors(), "CALL ABORT_SESSION(%s)", session, new Blockers.Source(BLOCKER, true),
				new Blockers.Source(TABLE_LOCKS, false));
	}

}
