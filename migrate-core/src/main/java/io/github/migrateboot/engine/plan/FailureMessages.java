package io.github.migrateboot.engine.plan;

import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.StopSignal.StoppedException;
import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlStatement;

/**
 * Words the failure of a statement.
 *
 * @param migration the migration
 * @param statement the statement
 * @param error the database's error
 * @param stopped whether it failed only because the application is shutting down
 */
public record FailureMessages(Migration migration, SqlStatement statement, SQLException error, boolean stopped) {

	public MigrationException toException(Database database, FailureText remains, String action) {
		FailureText rest = new FailureText(".\nStatement: " + SqlExcerpt.of(this.statement.text()) + "\n", ".\n")
			.and(remains);
		if (!this.stopped) {
			return new MigrationFailedException(
					FailureText.of(subject() + " failed at " + place(database) + ": ").and(reason()).and(rest), action,
					cause());
		}
		boolean started = !(this.error instanceof StoppedException);
		FailureText what = FailureText
			.of("The application is shutting down: " + (this.migration.isDown() ? "" : "migration ") + this.migration
					+ " was stopped " + (started ? "at " : "before ") + place(database));
		return new InterruptedMigrationException(
				(started ? what.and(", which was cancelled: ").and(reason()) : what).and(rest), action, cause());
	}

	/**
	 * Say how to fix the file.
	 * @param database the kind of database
	 * @param table the history table
	 * @return a clause
	 */
	public String fix(Database database, TableName table) {
		if (database.errors().isRefusedInTransaction(this.error)
				&& this.statement.kind() != SqlStatement.Kind.TRANSACTION_SETTING) {
			return "Write transaction:false behind the directive, as in \"-- migrate:"
					+ (this.migration.isDown() ? "down" : "up")
					+ " transaction:false\", because this statement cannot run in a transaction";
		}
		if (isRefusedOnline()) {
			return "Make the change in steps that let others write (docs/online-guard.md says which), or, if they may"
					+ " wait for as long as the table is copied, add the line \"-- migrate:allow copy: <reason>\" to the"
					+ " file or set migrate.statement.online to warn";
		}
		String schema = table.schema();
		if (schema != null && database.errors().isAlreadyThere(SqlErrors.serverError(this.error))
				&& this.statement.startsWith("CREATE", "SCHEMA") && this.statement.text().contains(schema)) {
			return "Write CREATE SCHEMA IF NOT EXISTS in line " + line(database) + ": the schema " + schema
					+ " has the history table, so it is created before the first migration if it is missing, as dbmate"
					+ " does";
		}
		return "Fix line " + line(database) + " of the file";
	}

	private String subject() {
		return (this.migration.isDown() ? "The rollback of " : "Migration ") + this.migration.file().name();
	}

	/**
	 * Return why it failed, in the database's words.
	 */
	public FailureText reason() {
		if (this.error instanceof StoppedException) {
			return FailureText.of(String.valueOf(this.error.getMessage()));
		}
		FailureText answer = SqlErrors.text(SqlErrors.serverError(this.error), this.statement.text());
		return isRefusedOnline() ? FailureText
			.of("the server can't do it while others write to the table (LOCK=NONE, because migrate.statement.online is"
					+ " \"require\"), and has refused it before anything was changed: ")
			.and(answer) : answer;
	}

	private boolean isRefusedOnline() {
		return this.error instanceof OnlineRefusedException;
	}

	private SQLException cause() {
		return SqlErrors.harmless(this.error, this.statement.text());
	}

	private String place(Database database) {
		return "statement " + this.statement.number() + " of " + this.migration.statements().size() + ", line "
				+ line(database) + " of " + this.migration.file().description();
	}

	public int line(Database database) {
		int position = Math.min(database.errors().position(SqlErrors.serverError(this.error)),
				this.statement.text().length());
		long newlines = this.statement.text()
			.substring(0, Math.max(0, position - 1))
			.chars()
			.filter((character) -> character == '\n')
			.count();
		return this.statement.line() + (int) newlines;
	}

}
