package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.lock.MigrationLock;

/**
 * A lock that was acquired before the first migration and is released after the last.
 * Costs nothing in between.
 *
 * @param connection the migrating connection
 * @param lock the lock
 * @param waited how long it was waited for
 */
public record RunScopedLock(Connection connection, MigrationLock lock, Duration waited) implements LockScope {

	@Override
	public String condition() {
		return this.lock.condition();
	}

	@Override
	public Optional<String> fence() {
		return this.lock.fence();
	}

	@Override
	public boolean isHeldThroughout() {
		return true;
	}

	@Override
	public Turn begin(String version, List<String> first) throws SQLException {
		this.connection.setAutoCommit(false);
		return Turn.OURS;
	}

	@Override
	public Optional<MigrationLock> hold(String version) {
		return Optional.of(new Shared(this.lock));
	}

	@Override
	public void guard(BooleanSupplier needless, SqlAction work) throws SQLException {
		Optional<String> fence = fence();
		if (fence.isEmpty()) {
			work.run();
			return;
		}
		this.connection.setAutoCommit(false);
		try {
			try (Statement statement = this.connection.createStatement()) {
				if (statement.executeUpdate(fence.get()) != 1) {
					this.lock.verify();
				}
			}
			work.run();
			if (!this.connection.getAutoCommit()) {
				this.connection.commit();
			}
		}
		finally {
			Transactions.end(this.connection);
		}
	}

	@Override
	public void guardIfFree(SqlAction work) throws SQLException {
		guard(() -> false, work);
	}

	/**
	 * The lock in the hands of one migration, which does not release it.
	 */
	private record Shared(MigrationLock lock) implements MigrationLock {

		@Override
		public String condition() {
			return this.lock.condition();
		}

		@Override
		public void verify() throws SQLException {
			this.lock.verify();
		}

		@Override
		public void close() {
		}

	}

}
