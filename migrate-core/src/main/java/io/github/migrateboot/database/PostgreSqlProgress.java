package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Asks PostgreSQL's progress views, in which everybody sees the own role's sessions.
 */
final class PostgreSqlProgress {

	private static final String ASK = """
			select 'create index: ' || phase, case when blocks_total > 0 then blocks_done else tuples_done end,
			case when blocks_total > 0 then blocks_total else tuples_total end
			from pg_catalog.pg_stat_progress_create_index where pid = ?
			union all select 'cluster: ' || phase, heap_blks_scanned, heap_blks_total
			from pg_catalog.pg_stat_progress_cluster where pid = ?
			union all select 'copy', bytes_processed, bytes_total
			from pg_catalog.pg_stat_progress_copy where pid = ?""";

	private PostgreSqlProgress() {
	}

	static @Nullable StatementProgress ask(Connection connection, long pid) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(ASK)) {
			for (int index = 1; index <= 3; index++) {
				query.setInt(index, (int) pid);
			}
			try (ResultSet row = query.executeQuery()) {
				return (row.next() && row.getString(1) != null)
						? StatementProgress.of(row.getString(1), row.getLong(2), row.getLong(3)) : null;
			}
		}
	}

}
