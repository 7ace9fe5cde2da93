package io.github.migrateboot.engine.apply;

import java.sql.SQLException;

import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.HistoryAccessException;

import org.springframework.util.StringUtils;

/**
 * Words that the history could not be written while a migration was being applied of
 * which a part stays.
 */
final class UnrecordedMigration {

	private UnrecordedMigration() {
	}

	/**
	 * Return what to throw.
	 * @param done how many statements have taken effect
	 * @throws SQLException the error itself if it says that the connection is lost
	 */
	static HistoryAccessException exception(RunContext run, Migration migration, int done, SQLException error)
			throws SQLException {
		if (SqlErrors.isLost(run.connection())) {
			throw error;
		}
		if (done == 0) {
			return exception(run, migration, error, "Nothing of " + migration.direction().what() + " has taken effect.",
					StringUtils.capitalize(migration.direction().next()) + " runs " + migration.direction().what()
							+ " from its first statement.");
		}
		String effect = "Statements 1 to " + done + " of " + migration.statements().size()
				+ " have taken effect and stay.";
		if (isJournalled(run, migration)) {
			return exception(run, migration, error, effect,
					"Then " + migration.direction().again() + ": " + migration.direction().next()
							+ " finds out how far " + migration.direction().what() + " is, and goes on or asks.");
		}
		return exception(run, migration, error, effect,
				"The next start cannot know of them, because the journal is gone, so before it either undo them by hand;"
						+ " or complete the migration by hand and run: " + HalfApplied.recordByHand(run, migration)
						+ "; then it counts as applied.");
	}

	/**
	 * Return the failure to write the history while a migration is being applied.
	 * @param remains what has taken effect
	 * @param next what the next start does
	 */
	static HistoryAccessException exception(RunContext run, Migration migration, SQLException error, String remains,
			String next) {
		return new HistoryAccessException(
				SqlErrors.couldNotBe("written while " + migration + " was being applied", run.table(), error) + "\n"
						+ remains + " " + run.soFar().get().undone(),
				SqlErrors.hint(run.database(), error) + " " + next, error);
	}

	private static boolean isJournalled(RunContext run, Migration migration) {
		try {
			return run.reader().entries(run.connection()).containsKey(migration.version());
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
