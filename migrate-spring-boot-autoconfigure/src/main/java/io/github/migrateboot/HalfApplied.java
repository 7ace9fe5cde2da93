package io.github.migrateboot;

import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.script.SqlStatement;

/**
 * Words what to do about a migration of which a part has taken effect.
 */
final class HalfApplied {

	private HalfApplied() {
	}

	static HalfAppliedMigrationException exception(RunContext run, PendingMigration migration) throws SQLException {
		JournalEntry entry = run.reader().entries(run.connection()).get(migration.version());
		if (entry == null) {
			throw new SQLException("The journal row of " + migration + " is gone although the lock is held");
		}
		List<SqlStatement> statements = migration.statements();
		StringBuilder text = new StringBuilder("Migration " + entry.name() + " was begun at " + entry.startedAt()
				+ " by " + entry.instance() + " and is not whole: ");
		text.append((entry.done() == 0) ? "no statement is" : "statements 1 to " + entry.done() + " are")
			.append(" known to have taken effect, of ")
			.append(entry.statements())
			.append(". ");
		if (entry.statement() > 0) {
			text.append("Statement ").append(entry.statement());
			if (entry.statement() <= statements.size()) {
				text.append(" (line ").append(statements.get(entry.statement() - 1).line()).append(" today)");
			}
			text.append((entry.error() != null) ? " failed: " + entry.error() + "."
					: " was cut off, so whether it has taken effect is not known.");
			if (entry.statement() <= statements.size()) {
				text.append("\nStatement: ")
					.append(StatementFailure.excerpt(statements.get(entry.statement() - 1)))
					.append('\n');
			}
		}
		text.append(' ').append(run.soFar().get());
		return new HalfAppliedMigrationException(text.toString(), waysOn(run, migration, entry.done()));
	}

	static String waysOn(RunContext run, PendingMigration migration, int done) {
		String version = run.database().dialect().literal(migration.version());
		String journal = run.table().with("_journal").quoted(run.database());
		return "Every start stops here until one of two things is done by hand. Either undo what has taken effect"
				+ ((done > 0) ? " (statements 1 to " + done + ")" : "") + ", mend the file and run: DELETE FROM "
				+ journal + " WHERE version = " + version + "; then the next start runs it from its first statement."
				+ " Or complete it by hand and run: " + recordByHand(run, migration) + "; then it counts as applied.";
	}

	static String recordByHand(RunContext run, PendingMigration migration) {
		return "INSERT INTO " + run.table().quoted(run.database()) + " (version) VALUES ("
				+ run.database().dialect().literal(migration.version()) + ")";
	}

}
