package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SessionState;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlChannels;
import io.github.migrateboot.database.TimeLimit;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.StatementSettings;

/**
 * Executes statements on the migrating connection: those of migrations within their
 * limits, cancellable and under watch, and our own.
 *
 * @param session the migrating session
 * @param settings how long a statement may wait and run
 * @param execution executes what may take long
 */
public record StatementExecutor(MigrationSession session, StatementSettings settings, CancellableExecution execution) {

	/**
	 * Return the migrating connection.
	 */
	public Connection connection() {
		return this.session.connection();
	}

	/**
	 * Return the kind of database.
	 */
	public Database database() {
		return this.session.database();
	}

	/**
	 * Execute a statement of ours. What the server has to say about it is not asked for,
	 * which costs a round trip on MariaDB.
	 */
	public void execute(String sql) throws SQLException {
		try (Statement statement = connection().createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
		}
	}

	/**
	 * Execute statements of ours, one by one.
	 */
	public void execute(List<String> statements) throws SQLException {
		for (String sql : statements) {
			execute(sql);
		}
	}

	/**
	 * Execute a statement of a migration.
	 */
	public void execute(SqlStatement migrationStatement) throws SQLException {
		Duration timeout = this.settings.timeout();
		TimeLimit limit = (timeout != null) ? database().limits().time(timeout) : null;
		// If it fails, the session is restored anyway.
		String lift = (limit != null) ? limit.lift() : null;
		if (limit != null && lift != null) {
			execute(limit.set());
		}
		try (SqlChannel channel = SqlChannels.open(connection())) {
			this.execution.run(channel::cancel,
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
		Duration timeout = this.settings.lockTimeout();
		boolean lifted = database().limits().liftLockWait(connection(), timeout);
		execute(migrationStatement);
		if (lifted) {
			execute(database().limits().lockWait(timeout, false));
		}
	}

	/**
	 * Restore the session, whatever was done to it.
	 */
	public void restoreSession() throws SQLException {
		execute(this.session.state().betweenMigrations());
	}

	/**
	 * Restore the session in the middle of a migration.
	 */
	public void restoreSession(SessionTracker tracker) throws SQLException {
		if (tracker.areTablesLocked()) {
			execute("UNLOCK TABLES");
		}
		restoreSession();
	}

	/**
	 * Return the statements that restore the session after a migration.
	 */
	public List<String> restoringAfter(Migration migration) {
		SessionState state = this.session.state();
		return migration.isPlain() ? state.afterPlain() : state.betweenMigrations();
	}

	/**
	 * Execute a query that does nothing, so that the server sees that the session lives.
	 */
	public void beat() throws SQLException {
		execute("SELECT 1");
	}

	/**
	 * Return whether a statement did not do its work because the application is shutting
	 * down.
	 */
	public boolean isStopped(SQLException error) {
		return this.execution.isStopped(error);
	}

}
