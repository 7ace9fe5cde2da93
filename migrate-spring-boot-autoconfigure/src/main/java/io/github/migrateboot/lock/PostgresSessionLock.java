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

	private final PostgresAdvisoryLock lock;

	PostgresSessionLock(LockRequest request) {
		super(request);
		this.lock = PostgresAdvisoryLock.of(request);
	}

	@Override
	public String name() {
		return "session";
	}

	@Override
	public String describe() {
		return "advisory lock " + this.lock.key() + " of " + server() + " on the migrating connection";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		return this.lock.tryTake(connection(), "pg_try_advisory_lock");
	}

	@Override
	String condition() {
		return this.lock.heldByOwnSession();
	}

	@Override
	boolean release() throws SQLException {
		return connection().isClosed() || "true"
			.equals(Query.value(connection(), "select pg_catalog.pg_advisory_unlock(?)::text", this.lock.key()));
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		return this.lock.holder(connection(), "a.backend_start");
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return PostgresAdvisoryLock.howToEnd(holder);
	}

}
