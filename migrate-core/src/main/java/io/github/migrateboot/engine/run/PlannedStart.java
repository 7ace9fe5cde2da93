package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.plan.ChecksumValidator;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.PooledSessionCheck;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.Listeners;
import io.github.migrateboot.status.StatusPublisher;

/**
 * What a run checks before it applies anything, asked without the lock.
 *
 * @param settings how the run would work
 * @param connection the connection to ask on
 * @param history the tables
 * @param files all migration files
 * @param now the history
 */
record PlannedStart(MigratorSettings settings, Connection connection, History history, List<MigrationFile> files,
		HistorySnapshot now) {

	/**
	 * Check what has been applied.
	 * @param pending the files that are not
	 */
	void check(List<MigrationFile> pending, Refusals refusals) {
		refusals.check(() -> new ChecksumValidator(this.settings.checksum(), this.files).failIfChanged(this.now));
		refusals.check(() -> ResumeCheck.requireOrder(this.files, this.settings.strict(), this.now, pending));
		refusals.check(this::requireHistory);
	}

	private void requireHistory() {
		long applied = this.now.tableExists() ? 0
				: journal().stream()
					.filter((entry) -> entry.state() == JournalState.APPLIED || entry.state() == JournalState.BASELINE)
					.count();
		if (applied > 0) {
			throw new HistoryAccessException(
					"The history table " + this.history.table() + " does not exist, although the journal beside it says"
							+ " that migrations have been applied, " + applied + " in all.",
					"Start once: the error prints the statements that restore it.", null);
		}
	}

	private Collection<JournalEntry> journal() {
		try {
			return this.history.journal(this.connection).values();
		}
		catch (SQLException ex) {
			throw this.history.failure("read", ex);
		}
	}

	/**
	 * Find out where each migration would begin.
	 * @param migrations the pending migrations
	 * @param quiet whether nobody is at work, so that the journal says how far each is
	 */
	List<Ready> read(List<Migration> migrations, boolean quiet, Refusals refusals) throws SQLException {
		RunProgress progress = new RunProgress(new StatusPublisher(new Listeners()), Direction.UP);
		ResumePlanner planner = new ResumePlanner(this.connection, this.history, this.settings.resolve(), progress);
		List<Ready> ready = new ArrayList<>();
		for (Migration migration : migrations) {
			if (this.history.database().isPooled()) {
				refusals.check(() -> PooledSessionCheck.requireNone(migration));
			}
			boolean open = quiet
					&& this.now.unfinished(migration.version()).filter(JournalProgress::isOpen).isPresent();
			ready.add(new Ready(migration, open ? first(planner, migration, refusals) : 1));
		}
		return ready;
	}

	private static int first(ResumePlanner planner, Migration migration, Refusals refusals) throws SQLException {
		try {
			return planner.plan(migration).done() + 1;
		}
		catch (MigrationException ex) {
			refusals.add(ex);
			return 1;
		}
	}

	/**
	 * A migration that would be applied.
	 *
	 * @param migration the migration
	 * @param first the statement with which it would begin
	 */
	record Ready(Migration migration, int first) {

	}

}
