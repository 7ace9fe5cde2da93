package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

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

	private static final String SIZE = "SELECT TABLE_SCHEMA || '.' || TABLE_NAME, ROW_COUNT_ESTIMATE"
			+ " FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), SCHEMA())"
			+ " AND TABLE_NAME = ? AND TABLE_TYPE = 'BASE TABLE'";

	@Override
	public List<TableSize> sizes(Connection connection, Collection<String> names) throws SQLException {
		List<TableSize> sizes = new ArrayList<>();
		for (String written : names) {
			WrittenName name = WrittenName.of(written, (word) -> word.toUpperCase(Locale.ROOT));
			for (List<@Nullable String> row : Jdbc.rows(connection, 1, SIZE, name.schema(), name.name())) {
				sizes.add(new TableSize(written, Jdbc.text(row, 0), TableSize.number(row.get(1)), null, null, null));
			}
		}
		return sizes;
	}

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		long session = Long.parseLong(String.valueOf(Jdbc.value(connection, "SELECT SESSION_ID()")));
		return new Blockers(new H2Errors(), "CALL ABORT_SESSION(%s)", session, new Blockers.Source(BLOCKER, true),
				new Blockers.Source(TABLE_LOCKS, false));
	}

}
