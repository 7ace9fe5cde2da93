package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An advisory lock of PostgreSQL, whether a session or a transaction takes it: both
 * exclude each other.
 *
 * @param key the lock's key
 */
record PostgresAdvisoryLock(long key) {

	static PostgresAdvisoryLock of(LockRequest request) {
		return new PostgresAdvisoryLock(LockKey.of(request).toLong());
	}

	/**
	 * Take the lock if it is free.
	 * @param function {@code pg_try_advisory_lock} or {@code pg_try_advisory_xact_lock}
	 */
	boolean tryTake(Connection connection, String function) throws SQLException {
		String answer = Query.value(connection, "select pg_catalog." + function + "(?)::text", this.key);
		return switch (String.valueOf(answer)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new SQLException(function + " answered " + answer);
		};
	}

	/**
	 * Return the condition that the session which evaluates it holds the lock.
	 */
	String heldByOwnSession() {
		return "exists (select 1 from pg_catalog.pg_locks l where l.pid = pg_catalog.pg_backend_pid() and " + row()
				+ ")";
	}

	/**
	 * Return the condition that one transaction of another session holds the lock. The
	 * session alone says too little: a pooler lends it to others.
	 */
	String heldBy(int pid, String transaction) {
		return "exists (select 1 from pg_catalog.pg_locks l where l.pid = " + pid + " and l.virtualtransaction = '"
				+ transaction + "' and " + row() + ")";
	}

	/**
	 * Ask who holds the lock. Of another role's session only pid and application name are
	 * visible.
	 * @param since an expression over pg_stat_activity a
	 */
	Optional<LockHolder> holder(Connection connection, String since) throws SQLException {
		return Query
			.row(connection,
					"select l.pid, nullif(a.application_name, ''), extract(epoch from " + since + ")::text,"
							+ " case when a.state = 'active' then a.query else (" + elsewhere() + ") end"
							+ " from pg_catalog.pg_locks l"
							+ " left join pg_catalog.pg_stat_activity a on a.pid = l.pid where " + row())
			.map((row) -> new LockHolder(row.get(0), row.get(1), Query.instant(row.get(2)), row.get(3)));
	}

	/**
	 * A pinned lock is not held by the session that migrates; they share their name.
	 */
	private static String elsewhere() {
		return "select m.query from pg_catalog.pg_stat_activity m where m.state = 'active' and m.pid <> a.pid"
				+ " and m.pid <> pg_catalog.pg_backend_pid() and m.datid = a.datid"
				+ " and m.application_name = a.application_name and a.application_name like 'migrate %'"
				+ " order by m.query_start limit 1";
	}

	static String howToEnd(LockHolder holder) {
		return "end its session with SELECT pg_terminate_backend(" + holder.session() + ")";
	}

	// A key of 64 bits is shown in two halves, and objsubid 1 says so.
	private String row() {
		return "l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = '" + (this.key >>> 32)
				+ "'::pg_catalog.oid and l.objid = '" + (this.key & 0xFFFFFFFFL)
				+ "'::pg_catalog.oid and l.database = (select d.oid from pg_catalog.pg_database d"
				+ " where d.datname = pg_catalog.current_database())";
	}

}
