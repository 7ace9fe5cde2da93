package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.ServerMessage;
import io.github.migrateboot.database.SessionState;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlChannels;
import io.github.migrateboot.database.TimeLimit;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.observation.ObservedStatement;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.StatementSettings;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements on the migrating connection: those of migrations within their
 * limits, cancellable and under watch, and our own.
 *
 * @param session the migrating session
 * @param settings how long a statement may wait and run
 * @param execution executes what may take long
 * @param observer stands around the statements of migrations
 * @param lasting which tables keep what is rolled back
 * @param guard decides with which text a statement of a migration is sent
 */
public record StatementExecutor(MigrationSession session, StatementSettings settings, CancellableExecution execution,
		StatementObserver observer, TablesWithoutTransactions lasting, OnlineGuard guard) {

	public StatementExecutor(MigrationSession session, StatementSettings settings, CancellableExecution execution,
			StatementObserver observer) {
		this(session, settings, execution, observer,
				new TablesWithoutTransactions(session.connection(), session.database()),
				OnlineGuard.of(settings, session));
	}

	/**
	 * Return the same for the statements of one migration.
	 */
	public StatementExecutor during(Migration migration) {
		return new StatementExecutor(this.session, this.settings, this.execution, this.observer, this.lasting,
				this.guard.during(migration));
	}

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
		execute(migrationStatement, false, false);
	}

	/**
	 * Execute a statement of a migration.
	 * @param joined whether nothing may be executed before it
	 * @param followed whether nothing may be executed after it, not even to ask what the
	 * server has to say
	 */
	public void execute(SqlStatement migrationStatement, boolean joined, boolean followed) throws SQLException {
		Duration timeout = this.settings.timeout();
		TimeLimit limit = (timeout != null) ? database().limits().time(timeout) : null;
		// If it fails, the session is restored anyway.
		String lift = (limit != null) ? limit.lift() : null;
		if (limit != null && lift != null && !joined) {
			execute(limit.set());
		}
		this.observer.around(new Upcoming(this, migrationStatement, joined, followed, (lift != null) ? null : timeout));
		if (lift != null && !followed) {
			execute(lift);
		}
	}

	/**
	 * Execute a statement of a migration that must not give up, neither while it waits
	 * for a lock nor for the sake of others.
	 */
	public void executePatiently(SqlStatement migrationStatement) throws SQLException {
		Duration timeout = this.settings.lockTimeout();
		boolean lifted = database().limits().liftLockWait(connection(), timeout);
		this.execution.spare(() -> execute(migrationStatement));
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

	private void send(String text, @Nullable String data, @Nullable Duration timeout, boolean followed,
			ServerMessage.Listener messages) throws SQLException {
		try (SqlChannel channel = SqlChannels.open(connection(), !followed, messages)) {
			this.execution.run(channel::cancel, timeout, () -> channel.execute(text, data));
		}
	}

	/**
	 * Return whether a statement did not do its work because the application is shutting
	 * down.
	 */
	public boolean isStopped(SQLException error) {
		return this.execution.isStopped(error);
	}

	/**
	 * A statement whose turn has come.
	 */
	private record Upcoming(StatementExecutor executor, SqlStatement statement, boolean isJoined, boolean isFollowed,
			@Nullable Duration timeout) implements ObservedStatement {

		@Override
		public Connection connection() {
			return this.executor.connection();
		}

		@Override
		public Database database() {
			return this.executor.database();
		}

		@Override
		public void execute() throws SQLException {
			this.executor.guard()
				.send(this.statement, this.isJoined, (text) -> execute(text, ServerMessage.Listener.LOG));
		}

		@Override
		public void execute(String text, ServerMessage.Listener messages) throws SQLException {
			this.executor.send(text, this.statement.data(), this.timeout, this.isFollowed, messages);
		}

	}

}
