package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, on another connection, who blocks the migrating session at this moment. What
 * the user may not read is left out, and asked for only once.
 */
public final class Blockers {

	private static final Logger logger = LoggerFactory.getLogger(Blockers.class);

	private static final int MOST = 3;

	/*
	 * Behind a pooler the session changes with each transaction, so it is found by its
	 * name. Of other roles' sessions only pid and application name are visible.
	 */
	private static final String POSTGRESQL = """
			select p.pid, coalesce(nullif(b.application_name, ''), b.usename), b.state,
			floor(extract(epoch from clock_timestamp() - coalesce(b.xact_start, b.backend_start)))::bigint,
			case when b.state is not null then b.query end
			from pg_catalog.pg_stat_activity a cross join lateral unnest(pg_catalog.pg_blocking_pids(a.pid)) p (pid)
			left join pg_catalog.pg_stat_activity b on b.pid = p.pid
			where a.wait_event_type = 'Lock' and a.application_name = %s and a.datname = pg_catalog.current_database()
			""";

	private static final String MYSQL_COLUMNS = """
			SELECT DISTINCT t.processlist_id, CONCAT(t.processlist_user, '@', t.processlist_host),
			IF(t.processlist_command = 'Sleep', 'idle', t.processlist_state), t.processlist_time,
			COALESCE(t.processlist_info, s.sql_text) FROM performance_schema.threads w
			""";

	private static final String MYSQL_THREAD = """
			JOIN performance_schema.threads t ON t.thread_id = %s
			LEFT JOIN performance_schema.events_statements_current s ON s.thread_id = t.thread_id
			WHERE w.processlist_id = %%1$d AND t.processlist_id <> w.processlist_id
			""";

	private static final String MYSQL_METADATA_LOCKS = MYSQL_COLUMNS + """
			JOIN performance_schema.metadata_locks p ON p.owner_thread_id = w.thread_id AND p.lock_status = 'PENDING'
			JOIN performance_schema.metadata_locks g ON g.object_type = p.object_type AND g.lock_status = 'GRANTED'
			AND g.object_schema <=> p.object_schema AND g.object_name <=> p.object_name
			""" + MYSQL_THREAD.formatted("g.owner_thread_id");

	private static final String MYSQL_ROW_LOCKS = MYSQL_COLUMNS + """
			JOIN performance_schema.data_lock_waits d ON d.requesting_thread_id = w.thread_id
			""" + MYSQL_THREAD.formatted("d.blocking_thread_id");

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
			WHERE w.trx_mysql_thread_id = %1$d
			""";

	/** Whoever has a transaction open in the same database. */
	private static final String OPEN_TRANSACTIONS = TRANSACTION_COLUMNS + """
			FROM information_schema.innodb_trx b
			JOIN information_schema.processlist l ON l.id = b.trx_mysql_thread_id
			WHERE b.trx_mysql_thread_id <> %1$d AND l.db = DATABASE() ORDER BY 4 DESC
			""";

	/** Of the same account at least, whoever executes something in the same database. */
	private static final String BUSY = """
			SELECT l.id, CONCAT(l.user, '@', l.host), l.state, l.time, l.info FROM information_schema.processlist l
			WHERE l.db = DATABASE() AND l.command <> 'Sleep' AND l.id NOT IN (%1$d, CONNECTION_ID()) ORDER BY 4 DESC
			""";

	private static final String H2 = """
			SELECT b.SESSION_ID, b.USER_NAME, b.SESSION_STATE, DATEDIFF(SECOND, b.SESSION_START, CURRENT_TIMESTAMP),
			b.EXECUTING_STATEMENT FROM INFORMATION_SCHEMA.SESSIONS w
			JOIN INFORMATION_SCHEMA.SESSIONS b ON b.SESSION_ID = w.BLOCKER_ID WHERE w.SESSION_ID = %1$d
			""";

	/** Whoever has a lock on a table other than ours. */
	private static final String H2_TABLE_LOCKS = """
			SELECT DISTINCT b.SESSION_ID, b.USER_NAME, b.SESSION_STATE,
			DATEDIFF(SECOND, b.SESSION_START, CURRENT_TIMESTAMP), b.EXECUTING_STATEMENT
			FROM INFORMATION_SCHEMA.LOCKS l JOIN INFORMATION_SCHEMA.SESSIONS b ON b.SESSION_ID = l.SESSION_ID
			WHERE l.SESSION_ID NOT IN (%1$d, SESSION_ID()) AND l.TABLE_NAME NOT LIKE '%%!_lock' ESCAPE '!'
			""";

	private final List<Source> sources;

	private final String end;

	private final Set<Source> invisible = ConcurrentHashMap.newKeySet();

	private Blockers(List<Source> sources, String end) {
		this.sources = sources;
		this.end = end;
	}

	static Blockers ofPostgreSql(Instance instance) {
		String label = SqlDialect.POSTGRESQL.literal(instance.label());
		return new Blockers(List.of(new Source(POSTGRESQL.formatted(label), true)), "SELECT pg_terminate_backend(%s)");
	}

	static Blockers ofMySql(MySqlFlavor flavor, long session) {
		List<Source> sources = new ArrayList<>();
		String rowLocks = (flavor == MySqlFlavor.MARIADB) ? MARIADB_ROW_LOCKS : MYSQL_ROW_LOCKS;
		for (String certain : List.of(MYSQL_METADATA_LOCKS, rowLocks)) {
			sources.add(new Source(certain.formatted(session), true));
		}
		for (String possible : List.of(OPEN_TRANSACTIONS, BUSY)) {
			sources.add(new Source(possible.formatted(session), false));
		}
		return new Blockers(sources, "KILL %s");
	}

	static Blockers ofH2(long session) {
		return new Blockers(
				List.of(new Source(H2.formatted(session), true), new Source(H2_TABLE_LOCKS.formatted(session), false)),
				"CALL ABORT_SESSION(%s)");
	}

	/**
	 * Look who blocks the migrating session.
	 * @param connection another connection to the same database
	 * @return the sessions, at most a few; empty if nobody does or if it can't be seen
	 * @throws SQLException if the connection is closed
	 */
	public List<Blocker> find(Connection connection) throws SQLException {
		for (Source source : this.sources) {
			if (this.invisible.contains(source)) {
				continue;
			}
			try {
				List<Blocker> found = find(connection, source);
				if (!found.isEmpty()) {
					return found;
				}
			}
			catch (SQLException ex) {
				logger.debug("Not visible: {}", source.query(), ex);
				if (connection.isClosed()) {
					throw ex;
				}
				// Not every user may read it, and some drivers complain in the log each
				// time
				this.invisible.add(source);
			}
		}
		return List.of();
	}

	private List<Blocker> find(Connection connection, Source source) throws SQLException {
		List<Blocker> found = new ArrayList<>();
		for (List<@Nullable String> row : Sql.rows(connection, source.query(), MOST)) {
			String session = Sql.text(row, 0);
			String activity = (row.get(2) != null && row.get(3) != null) ? row.get(2) + " for " + row.get(3) + " s"
					: row.get(2);
			found.add(new Blocker(session, row.get(1), activity, row.get(4), this.end.formatted(session),
					source.certain()));
		}
		return found;
	}

	/**
	 * One way to find out.
	 *
	 * @param query returns id, client, activity, its seconds and statement
	 * @param certain whether it returns only those who block
	 */
	private record Source(String query, boolean certain) {

	}

}
