package io.github.migrateboot.engine.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.RollbackRefusedException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.script.MigrationFile;
import org.jspecify.annotations.Nullable;

/**
 * Which migrations a rollback is about.
 *
 * @param files all migration files, sorted
 * @param to the version that is to be the newest afterwards, or {@code null} for the one
 * before the newest
 */
record RollbackTargets(List<MigrationFile> files, @Nullable String to) {

	private static final String NOTHING = " Nothing was rolled back.";

	/**
	 * Find the files whose down blocks are to be run: the one that sorts last first.
	 * @return the files; none if the version to go down to is the newest
	 */
	List<MigrationFile> find(HistorySnapshot history) {
		List<MigrationFile> targets = new ArrayList<>();
		boolean found = false;
		for (MigrationFile file : this.files) {
			if (file.version().equals(this.to)) {
				requireApplied(file, history);
				targets.clear();
				found = true;
			}
			else if (!RecordRemoval.isOver(history, file.version())) {
				targets.add(file);
			}
		}
		if (this.to != null && !found) {
			throw new RollbackRefusedException("There is no migration file with the version " + this.to + "." + NOTHING,
					"Name the version that is to be the newest one applied afterwards, exactly as its file's name has it.");
		}
		if (this.to == null) {
			if (targets.isEmpty()) {
				throw new RollbackRefusedException(
						"None of the " + this.files.size() + " migrations is applied." + NOTHING,
						"There is nothing to do.");
			}
			targets = new ArrayList<>(targets.subList(targets.size() - 1, targets.size()));
		}
		Collections.reverse(targets);
		requireNothingAbove(targets, history);
		return targets;
	}

	private void requireApplied(MigrationFile file, HistorySnapshot history) {
		if (!history.isApplied(file.version())) {
			throw new RollbackRefusedException(
					file.name() + " is not applied, so it cannot be the newest one." + NOTHING,
					"Name the version of a migration that is applied and is to stay.");
		}
	}

	/**
	 * What was applied later may need what would go.
	 */
	private void requireNothingAbove(List<MigrationFile> targets, HistorySnapshot history) {
		if (targets.isEmpty()) {
			return;
		}
		MigrationFile lowest = targets.get(targets.size() - 1);
		List<String> unknown = new HistoryComparison(this.files, history).ahead()
			.stream()
			.filter((version) -> version.compareTo(lowest.version()) > 0)
			.toList();
		if (!unknown.isEmpty()) {
			throw new RollbackRefusedException(
					"Newer migrations than " + lowest.name() + " are applied that have no file here: "
							+ HistoryComparison.few(unknown) + "." + NOTHING,
					"Roll back with the version of the application that has their files.");
		}
		for (MigrationFile file : this.files.subList(this.files.indexOf(lowest), this.files.size())) {
			if (history.unfinished(file.version()).filter(RollbackTargets::mayHaveLeftSomething).isPresent()) {
				throw new RollbackRefusedException(
						file.name() + " was begun and is not whole, so a part of it may have taken effect." + NOTHING,
						"Apply it first: mend it and start again. Then it can be rolled back too.");
			}
		}
	}

	private static boolean mayHaveLeftSomething(JournalProgress progress) {
		return progress.isOpen() && !progress.isReverting() && (progress.done() > 0 || !progress.isFailed());
	}

}
