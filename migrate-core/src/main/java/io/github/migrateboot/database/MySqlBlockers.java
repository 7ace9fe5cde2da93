package io.github.migrateboot.database;

import io.github.migrateboot.database.Blockers.Source;

/**
 * Where MySQL and MariaDB show who blocks a session.
 */
final class MySqlBlockers {

	private static final String COLUMNS = """
			SELECT DISTINCT t.processlist_id, CONCAT(t.processlist_user, '@', t.processlist_host),
			IF(t.processlist_command = 'Sleep', 'idle', t.processlist_state), t.processlist_time,
			COALESCE(t.processlist_info, s.sql_text) FROM performance_schema.threads w
			""";

	private static final String THREAD = """
			LEFT JOIN performance_schema.events_statements_current s ON s.thread_id = t.thread_id
			WHERE w.processlist_id = ? AND t.processlist_id <> w.processlist_id
			""";

	private static final String METADATA_LOCKS = COLUMNS + """
			JOIN performance_schema.metadata_locks p ON p.owner_thread_id = w.thread_id AND p.lock_status = 'PENDING'
			JOIN performance_schema.metadata_locks g ON g.object_type = p.object_type AND g.lock_status = 'GRANTED'
			AND g.object_schema <=> p.object_schema AND g.object_name <=> p.object_name
			JOIN performance_schema.threads t ON t.thread_id = g.owner_thread_id
			""" + THREAD;

	private static final String MYSQL_ROW_LOCKS = COLUMNS + """
			JOIN performance_schema.data_lock_waits d ON d.requesting_thread_id = w.thread_id
			JOIN performance_schema.threads t ON t.thread_id = d.blocking_thread_id
			""" + THREAD;

	private static final String TRANSACTION_COLUMNS = """
			SELECT DISTINCT b.trx_mysql_thread_id, CONCAT(l.user, '@', l.host),
			IF(l.command = 'Sleep', 'in a transaction, idle', l.state),
			TIMESTAMPDIFF(SECOND, b.trx_started, NOW()), l.info
			""";

	private static final String MARIADB_ROW_LOCKS = TRANSACTION_COLUMNS + """
			FROM information_schema.innodb_trx w
			JOIN information_schema.innodb_lock_waits k ON k.requesting_trx_id = w.trx_id
			JOIN information_schema.innodb_trx b ON b.trx_id = k.blocking_trx_id
			LEFT JOIN information_schema.processlist l ON l.id = b.trx_mysql_thread_id
			WHERE w.trx_mysql_thread_id = ?
			""";

	private MySqlBlockers() {
	}

	static Blockers of(MySqlFlavor flavor, long session) {
		String rowLocks = (flavor == MySqlFlavor.MYSQL) ? MYSQL_ROW_LOCKS : MARIADB_ROW_LOCKS;
		return new Blockers(new MySqlErrors(), "KILL %s", session, new Source(METADATA_LOCKS, true),
				new Source(rowLocks, true), new Source(openTransactions(flavor), false),
				new Source(busy(flavor), false));
	}

	/**
	 * Whoever has a transaction open in the same database.
	 */
	private static String openTransactions(MySqlFlavor flavor) {
		return TRANSACTION_COLUMNS + " FROM information_schema.innodb_trx b JOIN " + flavor.sessionsTable()
				+ " l ON l.id = b.trx_mysql_thread_id"
				+ " WHERE b.trx_mysql_thread_id <> ? AND l.db = DATABASE() ORDER BY 4 DESC";
	}

	/**
	 * Of the same account at least, whoever executes something in the same database.
	 */
	private static String busy(MySqlFlavor flavor) {
		return "SELECT l.id, CONCAT(l.user, '@', l.host), l.state, l.time, l.info FROM " + flavor.sessionsTable()
				+ " l WHERE l.db = DATABASE() AND l.command <> 'Sleep' AND l.id NOT IN (?, CONNECTION_ID())"
				+ " ORDER BY 4 DESC";
	}

}
