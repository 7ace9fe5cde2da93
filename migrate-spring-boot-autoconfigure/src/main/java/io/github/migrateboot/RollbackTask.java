package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.history.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Rolls migrations back. Which ones is found out under the lock.
 *
 * @param settings how to work
 * @param board where to say what is being done
 * @param look what was seen before
 * @param to the version to go down to, or {@code null} for one migration
 * @param elapsed how long the run has taken so far
 */
record RollbackTask(MigratorSettings settings, StatusBoard board, FirstLook look, @Nullable String to,
		Supplier<Duration> elapsed) implements LockedTask {

	/**
	 * Create the task, unless it can be told before a connection is opened that it is not
	 * possible.
	 */
	static RollbackTask of(MigratorSettings settings, StatusBoard board, FirstLook look, @Nullable String to,
			Supplier<Duration> elapsed) {
		Snapshot history = look.history();
		if (history != null) {
			new RollbackTargets(look.files(), to).find(history);
		}
		return new RollbackTask(settings, board, look, to, elapsed);
	}

	@Override
	public void check(Database database) {
		// The files are read under the lock, when it is known which.
	}

	@Override
	public String intent() {
		return "Rolling back " + ((this.to != null) ? "down to " + this.to : "the last migration");
	}

	@Override
	public boolean isOver(Snapshot history, String version) {
		return Reversal.isOver(history, version);
	}

	@Override
	public MigrationReport execute(Place place) throws SQLException {
		return new LockedRollback(this.settings, this.board, place, this.look.files()).execute(this.to, this.elapsed);
	}

}
