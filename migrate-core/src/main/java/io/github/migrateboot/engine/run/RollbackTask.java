package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
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
record RollbackTask(MigratorSettings settings, StatusPublisher board, PendingCheck look, @Nullable String to,
		Supplier<Duration> elapsed) implements LockedTask {

	/**
	 * Create the task, unless it can be told before a connection is opened that it is not
	 * possible.
	 */
	static RollbackTask of(MigratorSettings settings, StatusPublisher board, PendingCheck look, @Nullable String to,
			Supplier<Duration> elapsed) {
		HistorySnapshot history = look.history();
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
	public boolean isOver(HistorySnapshot history, String version) {
		return RecordRemoval.isOver(history, version);
	}

	@Override
	public MigrationReport execute(Place place) throws SQLException {
		return new RollbackOperation(this.settings, this.board, place, this.look.files()).execute(this.to,
				this.elapsed);
	}

}
