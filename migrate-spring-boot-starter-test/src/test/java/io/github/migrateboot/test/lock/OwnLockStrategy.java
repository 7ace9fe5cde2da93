package io.github.migrateboot.test.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;

/**
 * What a user might write for PostgreSQL: an advisory lock with a key of the user's own.
 */
class OwnLockStrategy implements LockStrategy {

	private final Connection connection;

	private final int key;

	OwnLockStrategy(LockRequest request) {
		this.connection = request.connection();
		this.key = (request.name() != null) ? request.name().hashCode() : request.table().name().hashCode();
	}

	@Override
	public String name() {
		return "own";
	}

	@Override
	public String describe() {
		return "a lock of our own";
	}

	@Override
	public Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException {
		return isTrue("pg_try_advisory_lock(4711, " + this.key + ")") ? Optional.of(new Held()) : Optional.empty();
	}

	@Override
	public Optional<LockHolder> holder() {
		return Optional.empty();
	}

	String condition() {
		return "exists (select 1 from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and classid = 4711"
				+ " and objid::bigint = " + Integer.toUnsignedLong(this.key) + ")";
	}

	final boolean isTrue(String expression) throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet row = statement.executeQuery("select " + expression)) {
			return row.next() && row.getBoolean(1);
		}
	}

	@Override
	public void close() {
	}

	private final class Held implements MigrationLock {

		@Override
		public String condition() {
			return OwnLockStrategy.this.condition();
		}

		@Override
		public void verify() throws SQLException {
			if (!isTrue(condition())) {
				throw new LockLostException("The lock is lost.", "Start again.");
			}
		}

		@Override
		public void close() {
			try {
				isTrue("pg_advisory_unlock(4711, " + OwnLockStrategy.this.key + ")");
			}
			catch (SQLException ex) {
				// It ends with the connection.
			}
		}

	}

}
