package io.github.migrateboot;

import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrateboot.failure.LockLostException;

/**
 * Executes statements on the migrating connection.
 *
 * @param run the run
 */
record LockedStatements(RunContext run) {

	void execute(String sql) throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
			ServerNotices.log(statement);
		}
	}

	/**
	 * Execute a recording statement, which changes exactly one row while the lock is
	 * held.
	 */
	void change(PendingMigration migration, String sql) throws SQLException {
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
						+ " that. " + this.run.soFar().get(),
				"See the journal for how far the migration is, and look in the file for a statement that releases"
						+ " locks, such as RELEASE_ALL_LOCKS() or pg_advisory_unlock_all().");
	}

	/**
	 * Put the session back in the middle of a migration.
	 */
	void leave(Interlude interlude) throws SQLException {
		if (interlude.areTablesLocked()) {
			execute("UNLOCK TABLES");
		}
		for (String sql : this.run.sessionReset()) {
			execute(sql);
		}
	}

}
