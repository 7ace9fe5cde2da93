package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.engine.apply.ResumePlanner;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.OutOfOrderMigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.script.MigrationFile;

import org.jspecify.annotations.Nullable;

/**
 * Refuses, before anything is applied, what must not be, and finds out which migrations
 * are to be resumed. While others may be at work the history says nothing about that: it
 * takes the lock.
 *
 * @param files all migration files
 * @param strict whether a late file is refused
 * @param history the tables
 * @param loader reads pending files
 * @param planner finds out where a migration is resumed
 * @param resting refuses what has just kept the application waiting, or {@code null} if
 * anything may do that
 */
record ResumeCheck(List<MigrationFile> files, boolean strict, History history, MigrationLoader loader,
		ResumePlanner planner, @Nullable RestingMigrations resting) {

	/**
	 * Check what is left to be applied.
	 * @param now the history
	 * @param left the files that are left, in order
	 * @return the versions of those that do not start at their first statement
	 * @throws MigrationException if one of them must not be applied, or cannot be resumed
	 */
	Set<String> check(HistorySnapshot now, Collection<MigrationFile> left) {
		requireOrder(this.files, this.strict, now, left);
		try {
			Set<String> resumed = new HashSet<>();
			for (MigrationFile file : left) {
				Optional<JournalProgress> progress = now.unfinished(file.version());
				if (this.resting != null && progress.filter(JournalProgress::isFailed).isPresent()) {
					this.resting.requireNone(this.loader.get(file));
				}
				if (progress.isPresent() && progress.get().isOpen()
						&& !this.planner.plan(this.loader.get(file)).isClean()) {
					resumed.add(file.version());
				}
			}
			return resumed;
		}
		catch (SQLException ex) {
			throw this.history.failure("read", ex);
		}
	}

	/**
	 * Refuse a late file where that is asked for.
	 * @param files all migration files
	 * @param strict whether a late file is refused
	 * @param now the history
	 * @param left the files that are left, in order
	 */
	static void requireOrder(List<MigrationFile> files, boolean strict, HistorySnapshot now,
			Collection<MigrationFile> left) {
		if (strict && !left.isEmpty()) {
			requireOrder(files, now, left.iterator().next());
		}
	}

	private static void requireOrder(List<MigrationFile> files, HistorySnapshot now, MigrationFile first) {
		Optional<String> newest = files.stream()
			.map(MigrationFile::version)
			.filter(now::isApplied)
			.max(String::compareTo);
		if (newest.isPresent() && first.version().compareTo(newest.get()) <= 0) {
			throw new OutOfOrderMigrationException("Migration " + first.name() + " is pending although " + newest.get()
					+ ", which is newer, is applied, and migrate.strict is on. Nothing was applied in this run.",
					"Rename the file to a version above " + newest.get()
							+ ", or set migrate.strict to false to apply late files.");
		}
	}

}
