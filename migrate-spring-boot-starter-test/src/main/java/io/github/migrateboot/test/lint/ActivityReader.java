package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Asks what the transaction of a connection to PostgreSQL has done.
 *
 * @param connection the connection
 */
record ActivityReader(Connection connection) {

	/**
	 * Not joined with the tables: a dropped one is no longer found there, its lock is.
	 */
	private static final String LOCKS = """
			select relation, mode from pg_catalog.pg_locks where pid = pg_backend_pid() and locktype = 'relation'
			and granted and database = (select oid from pg_catalog.pg_database where datname = current_database())""";

	private static final String COUNTERS = """
			select relid, seq_scan, n_tup_ins + n_tup_upd + n_tup_del from pg_catalog.pg_stat_xact_user_tables""";

	Activity read() throws SQLException {
		Map<Long, Set<LockMode>> locks = new HashMap<>();
		Map<Long, Long> scans = new HashMap<>();
		Map<Long, Long> rows = new HashMap<>();
		try (Statement statement = this.connection.createStatement()) {
			try (ResultSet row = statement.executeQuery(LOCKS)) {
				while (row.next()) {
					long table = row.getLong(1);
					LockMode.of(row.getString(2))
						.ifPresent((mode) -> locks.computeIfAbsent(table, (oid) -> EnumSet.noneOf(LockMode.class))
							.add(mode));
				}
			}
			try (ResultSet row = statement.executeQuery(COUNTERS)) {
				while (row.next()) {
					scans.put(row.getLong(1), row.getLong(2));
					rows.put(row.getLong(1), row.getLong(3));
				}
			}
		}
		return new Activity(locks, scans, rows);
	}

}
