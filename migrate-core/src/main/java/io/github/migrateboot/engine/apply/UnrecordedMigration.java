package io.github.migrateboot.engine.apply;

import java.sql.SQLException;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.history.History;

import org.springframework.util.StringUtils;

/**
 * Words that the history could not be written while a migration was being applied of
 * which a part may stay.
 */
final class UnrecordedMigration {

	private UnrecordedMigration() {
	}

	/**
	 * Return what to throw.
	 * @param done how many statements have taken effect
	 * @throws SQLException the error itself if it says that the connection is lost
	 */
	static HistoryAccessException exception(LockedHistory history, RunProgress progress, Migration migration, int done,
			SQLException error) throws SQLException {
		if (SqlErrors.isConnectionLost(error)) {
			throw error;
		}
		Direction direction = migration.direction();
		if (done == 0) {
			return exception(history, progress, migration, error,
					FailureText.of("Nothing of " + direction.what() + " has taken effect."),
					StringUtils.capitalize(direction.next()) + " runs " + direction.what()
							+ " from its first statement.");
		}
		FailureText effect = FailureText
			.of("Statements 1 to " + done + " of " + migration.statements().size() + " have taken effect and stay.");
		if (!isGone(history, migration)) {
			return exception(history, progress, migration, error, effect, "Then " + direction.again() + ": "
					+ direction.next() + " finds out how far " + direction.what() + " is, and goes on or asks.");
		}
		return exception(history, progress, migration, error, effect,
				"The next start cannot know of them, because the journal is gone, so before it either undo them by hand;"
						+ " or complete the migration by hand and run: "
						+ HalfApplied.recordByHand(history.tables(), migration) + "; then it counts as applied.");
	}

	/**
	 * Return whether what the journal had said about the migration is gone. A journal
	 * that can't be read is not.
	 */
	private static boolean isGone(LockedHistory history, Migration migration) {
		try {
			return !history.journal().containsKey(migration.version());
		}
		catch (SQLException ex) {
			return history.tables().database().errors().isMissingTable(ex);
		}
	}

	/**
	 * Return what to throw.
	 * @param remains what has taken effect
	 * @param next what the next start does
	 */
	static HistoryAccessException exception(LockedHistory history, RunProgress progress, Migration migration,
			SQLException error, FailureText remains, String next) {
		History tables = history.tables();
		return new HistoryAccessException(tables.describe("written while " + migration + " was being applied", error)
			.and("\n")
			.and(remains)
			.and(" " + progress.summary().undone()), tables.hint(error) + " " + next, error);
	}

}
