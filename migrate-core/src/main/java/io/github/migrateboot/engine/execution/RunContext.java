package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.SessionState;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.status.StatusPublisher;

/**
 * What applying a migration needs.
 *
 * @param connection the migrating connection
 * @param database the kind of database
 * @param table the history table
 * @param reader reads the history
 * @param writer words recording statements
 * @param lock how the lock is held
 * @param session how to put the session back
 * @param instance this instance
 * @param resolve answers to unknown outcomes
 * @param retries lets migrations be tried again that gave way to others
 * @param execution executes statements of migrations
 * @param board where to say what is being done
 * @param soFar says in a sentence what this run has applied and what it has not
 */
public record RunContext(Connection connection, Database database, TableName table, HistoryReader reader,
		HistoryWriter writer, LockScope lock, SessionState session, Instance instance, List<Resolution> resolve,
		RetryPolicy retries, CancellableExecution execution, StatusPublisher board, Supplier<RunSummary> soFar) {

	/**
	 * Return the statements that put the session back, whatever was done to it.
	 */
	public List<String> sessionReset() {
		return this.session.betweenMigrations();
	}

	/**
	 * Return the statements that put the session back after a migration.
	 */
	public List<String> sessionReset(Migration migration) {
		return migration.isPlain() ? this.session.afterPlain() : sessionReset();
	}

	/**
	 * Return the statements that a transaction of a migration has to begin with.
	 */
	public List<String> atBegin() {
		return this.session.atBegin();
	}

	/**
	 * Return the same for what runs under another condition.
	 */
	public RunContext withCondition(String condition) {
		HistoryWriter other = new HistoryWriter(this.database, this.table, condition);
		return new RunContext(this.connection, this.database, this.table, this.reader, other, this.lock, this.session,
				this.instance, this.resolve, this.retries, this.execution, this.board, this.soFar);
	}

}
