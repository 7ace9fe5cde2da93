package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

import io.github.migrateboot.database.Jdbc;

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
		return isTaken(connection, "pg_catalog." + function + "(" + literal() + ")");
	}

	/**
	 * Take the lock twice if it is free. It counts how often its session has taken it.
	 */
	boolean tryTakeTwice(Connection connection) throws SQLException {
		return isTaken(connection, "case when pg_catalog.pg_try_advisory_lock(" + literal() + ")"
				+ " then pg_catalog.pg_try_advisory_lock(" + literal() + ") else false end");
	}

	private static boolean isTaken(Connection connection, String expression) throws SQLException {
		String answer = Jdbc.value(connection, "select (" + expression + ")::text");
		return switch (String.valueOf(answer)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new SQLException(expression + " answered " + answer);
		};
	}

	/**
	 * Give back what {@link #tryTakeTwice} has taken, and wake those who listen.
	 * @return whether it was all there
	 */
	boolean giveBackBoth(Connection connection, String channel) throws SQLException {
		return "true".equals(Jdbc.value(
				connection, "select (pg_catalog.pg_advisory_unlock(" + literal()
						+ ") and pg_catalog.pg_advisory_unlock(" + literal() + "))::text, pg_catalog.pg_notify(?, '')",
				channel));
	}

	/**
	 * Return the condition that the session which evaluates it has taken the lock twice.
	 * Giving one of the two back tells whether it was there, and the other one keeps the
	 * lock meanwhile. Looking into pg_locks would cost each migration as much as all else
	 * that is written about it, and more on a server with many locks.
	 */
	String heldTwiceByOwnSession() {
		return "case when pg_catalog.pg_advisory_unlock(" + literal() + ") then pg_catalog.pg_try_advisory_lock("
				+ literal() + ") else false end";
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
	 * Ask whose session holds the lock.
	 */
	Optional<LockHolder> holderInSession(Connection connection) throws SQLException {
		return holder(connection, "a.backend_start");
	}

	/**
	 * Ask whose transaction holds the lock; its session may be older than the holder's
	 * part in it.
	 */
	Optional<LockHolder> holderInTransaction(Connection connection) throws SQLException {
		return holder(connection, "coalesce(a.xact_start, a.backend_start)");
	}

	/**
	 * Of another role's session only pid and application name are visible.
	 */
	private Optional<LockHolder> holder(Connection connection, String since) throws SQLException {
		return Jdbc
			.row(connection, "select l.pid, nullif(a.application_name, ''), extract(epoch from " + since + ")::text,"
					+ " case when a.state = 'active' then a.query else (" + elsewhere() + ") end"
					+ " from pg_catalog.pg_locks l" + " left join pg_catalog.pg_stat_activity a on a.pid = l.pid where "
					+ row() + " and l.database = (select d.oid from pg_catalog.pg_database d"
					+ " where d.datname = pg_catalog.current_database())")
			.map((row) -> new LockHolder(row.get(0), row.get(1), LockHolder.instant(row.get(2)), row.get(3)));
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

	private String literal() {
		return "'" + this.key + "'::pg_catalog.int8";
	}

	/**
	 * Return the condition for this key; that a session has locked it means in the
	 * session's database.
	 */
	private String row() {
		// A key of 64 bits is shown in two halves, and objsubid 1 says so.
		return "l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = '" + (this.key >>> 32)
				+ "'::pg_catalog.oid and l.objid = '" + (this.key & 0xFFFFFFFFL) + "'::pg_catalog.oid";
	}

}
