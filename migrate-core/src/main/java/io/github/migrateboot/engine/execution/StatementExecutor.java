package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.TimeLimit;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.script.SqlStatement;

/**
 * Executes statements on the migrating connection.
 *
 * @param run the run
 */
public record StatementExecutor(RunContext run) {

	/** Each of which waits for as long as a statement of the migration may. */
	private static final int MAX_TRIES = 100;

	/**
	 * Execute a statement of ours. What the server has to say about it is not asked for,
	 * which costs a round trip on MariaDB.
	 */
	public void execute(String sql) throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
		}
	}

	/**
	 * Execute a statement of a migration.
	 */
	public void execute(SqlStatement migrationStatement) throws SQLException {
		Duration timeout = this.run.retries().settings().timeout();
		TimeLimit limit = (timeout != null) ? this.run.database().timeLimit(timeout) : null;
		// If it fails, the session is put back anyway.
		String lift = (limit != null) ? limit.lift() : null;
		if (limit != null && lift != null) {
			execute(limit.set());
		}
		try (SqlChannel channel = SqlChannel.open(this.run.connection())) {
			this.run.execution()
				.run(channel::cancel,
						() -> StatementTimeout.execute(channel, migrationStatement, (lift != null) ? null : timeout));
		}
		if (lift != null) {
			execute(lift);
		}
	}

	/**
	 * Execute a statement of a migration that must not give up waiting for a lock.
	 */
	public void executePatiently(SqlStatement migrationStatement) throws SQLException {
		Duration timeout = this.run.retries().settings().lockTimeout();
		boolean lifted = this.run.database().liftLockTimeout(this.run.connection(), timeout);
		execute(migrationStatement);
		if (lifted) {
			execute(this.run.database().limitLockWait(timeout, false));
		}
	}

	/**
	 * Execute a recording statement that is a transaction of its own, so that it can be
	 * repeated until it finds no lock in its way.
	 */
	public void changeAlone(Migration migration, String sql) throws SQLException {
		for (int tries = 1;; tries++) {
			try {
				changeInOneTransaction(migration, sql);
				return;
			}
			catch (SQLException ex) {
				if (tries == MAX_TRIES || !this.run.database().isLockTimeout(ex)) {
					throw ex;
				}
			}
		}
	}

	private void changeInOneTransaction(Migration migration, String sql) throws SQLException {
		Connection connection = this.run.connection();
		if (this.run.lock().fence().isEmpty() || !connection.getAutoCommit()) {
			change(migration, sql);
			return;
		}
		connection.setAutoCommit(false);
		try {
			change(migration, sql);
			connection.commit();
		}
		finally {
			Transactions.end(connection);
		}
	}

	/**
	 * Execute a recording statement in the transaction that is open. It changes exactly
	 * one row while the lock is held.
	 */
	public void change(Migration migration, String sql) throws SQLException {
		Optional<String> fence = this.run.lock().fence();
		if (fence.isPresent()) {
			changeOne(migration, fence.get());
		}
		changeOne(migration, sql);
	}

	private void changeOne(Migration migration, String sql) throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			if (statement.executeUpdate(sql) == 1) {
				return;
			}
		}
		catch (SQLException ex) {
			if (!this.run.database().isNullRefused(ex)) {
				throw ex;
			}
		}
		throw new LockLostException(
				"The lock was no longer held while " + migration + " was being applied, so nothing was recorded after"
						+ " that. " + this.run.soFar().get().undone(),
				"See the journal for how far the migration is. " + whyLost(this.run));
	}

	public static String whyLost(RunContext run) {
		if (run.lock().fence().isPresent()) {
			return "Look whether this process, its host or its network stood still for longer than"
					+ " migrate.lock.lease-duration, after which another instance takes the lock over.";
		}
		return "Look in the file for a statement that releases locks, such as RELEASE_ALL_LOCKS() or"
				+ " pg_advisory_unlock_all(), and remove it.";
	}

	/**
	 * Put the session back in the middle of a migration.
	 */
	public void leave(SessionTracker interlude) throws SQLException {
		if (interlude.areTablesLocked()) {
			execute("UNLOCK TABLES");
		}
		for (String sql : this.run.sessionReset()) {
			execute(sql);
		}
	}

}
