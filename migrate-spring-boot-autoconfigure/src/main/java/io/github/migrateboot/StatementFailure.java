package io.github.migrateboot;

import java.sql.SQLException;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.script.SqlStatement;

/**
 * Words the failure of a statement.
 *
 * @param migration the migration
 * @param statement the statement
 * @param error the database's error
 */
record StatementFailure(PendingMigration migration, SqlStatement statement, SQLException error) {

	private static final int MAX_TEXT_LENGTH = 1000;

	MigrationFailedException toException(Database database, String remains, String action) {
		return new MigrationFailedException(
				where(database) + ": " + SqlErrors.describe(SqlErrors.serverError(this.error)) + ".\nStatement: "
						+ excerpt(this.statement) + "\n" + remains,
				action, this.error);
	}

	private String where(Database database) {
		return "Migration " + this.migration.file().name() + " failed at statement " + this.statement.number() + " of "
				+ this.migration.statements().size() + ", line " + line(database) + " of "
				+ this.migration.file().description();
	}

	int line(Database database) {
		int position = Math.min(database.errorPosition(SqlErrors.serverError(this.error)),
				this.statement.text().length());
		long newlines = this.statement.text()
			.substring(0, Math.max(0, position - 1))
			.chars()
			.filter((character) -> character == '\n')
			.count();
		return this.statement.line() + (int) newlines;
	}

	static String excerpt(SqlStatement statement) {
		String text = statement.text();
		return (text.length() <= MAX_TEXT_LENGTH) ? text : text.substring(0, MAX_TEXT_LENGTH) + " …";
	}

}
