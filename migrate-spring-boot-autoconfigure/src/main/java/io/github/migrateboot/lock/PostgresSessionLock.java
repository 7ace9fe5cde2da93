package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * An advisory lock of the migrating session, on PostgreSQL.
 * <p>
 * It is never waited for in the server: a session that is blocked in
 * {@code pg_advisory_lock} holds a snapshot, and {@code CREATE INDEX CONCURRENTLY} waits
 * for every snapshot.
 */
final class PostgresSessionLock extends AbstractLock {

	private final long key;

	private final String lockRow;

	PostgresSessionLock(LockRequest request) {
		super(request);
		this.key = LockKey.of(request).toLong();
		// A key of 64 bits is shown in two halves, and objsubid 1 says so.
		this.lockRow = "l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = '" + (this.key >>> 32)
				+ "'::pg_catalog.oid and l.objid = '" + (this.key & 0xFFFFFFFFL)
				+ "'::pg_catalog.oid and l.database = (select d.oid from pg_catalog.pg_database d"
				+ " where d.datname = pg_catalog.current_database())";
	}

	@Override
	public String name() {
		return "session";
	}

	@Override
	public String describe() {
		return "advisory lock " + this.key + " of " + server() + " on the migrating connection";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		String answer = Query.value(connection(), "select pg_catalog.pg_try_advisory_lock(?)::text", this.key);
		return switch (String.valueOf(answer)) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new SQLException("pg_try_advisory_lock answered " + answer);
		};
	}

	@Override
	String condition() {
		return "exists (select 1 from pg_catalog.pg_locks l where l.pid = pg_catalog.pg_backend_pid() and "
				+ this.lockRow + ")";
	}

	@Override
	boolean release() throws SQLException {
		return connection().isClosed()
				|| "true".equals(Query.value(connection(), "select pg_catalog.pg_advisory_unlock(?)::text", this.key));
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		// Of another role's session only pid and application name are visible.
		return Query
			.row(connection(),
					"select l.pid, nullif(a.application_name, ''), extract(epoch from a.backend_start)::text,"
							+ " case when a.state = 'active' then a.query end from pg_catalog.pg_locks l"
							+ " left join pg_catalog.pg_stat_activity a on a.pid = l.pid where " + this.lockRow)
			.map((row) -> new LockHolder(row.get(0), row.get(1), Query.instant(row.get(2)), row.get(3)));
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return "end its session with SELECT pg_terminate_backend(" + holder.session() + ")";
	}

}
