package io.github.migrateboot.engine.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

import io.github.migrateboot.engine.apply.RecordRemoval;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.RollbackRefusedException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.script.MigrationFile;

/**
 * Which migrations a rollback is about.
 *
 * @param files all migration files, sorted
 * @param goal what is to be left
 */
record RollbackTargets(List<MigrationFile> files, RollbackGoal goal) {

	private static final String NOTHING = " Nothing was rolled back.";

	/**
	 * Find the files whose down blocks are to be run: the one that sorts last first.
	 * @return the files; none if there is nothing left to do
	 */
	List<MigrationFile> find(HistorySnapshot history) {
		List<MigrationFile> targets = (this.goal.to() != null) ? above(requireFile(this.goal.to()), history)
				: last(history);
		Collections.reverse(targets);
		requireNothingAbove(targets, history);
		return targets;
	}

	private List<MigrationFile> above(MigrationFile stays, HistorySnapshot history) {
		if (!history.isApplied(stays.version())) {
			throw new RollbackRefusedException(
					stays.name() + " is not applied, so it cannot be the newest one." + NOTHING,
					"Name the version of a migration that is applied and is to stay.");
		}
		return applied(this.files.subList(this.files.indexOf(stays) + 1, this.files.size()), history);
	}

	private List<MigrationFile> last(HistorySnapshot history) {
		MigrationFile named = (this.goal.only() != null) ? requireFile(this.goal.only()) : null;
		if (named != null && RecordRemoval.isOver(history, named.version())) {
			requireNothingLeft(named, history);
			return new ArrayList<>();
		}
		List<MigrationFile> applied = applied(this.files, history);
		if (applied.isEmpty()) {
			throw new RollbackRefusedException("None of the " + this.files.size() + " migrations is applied." + NOTHING,
					"There is nothing to do.");
		}
		MigrationFile last = applied.get(applied.size() - 1);
		if (named != null && !named.equals(last)) {
			throw new RollbackRefusedException(
					named.name() + " is not the last migration that is applied, which is " + last.name() + "."
							+ NOTHING,
					"Roll back that one first, or name the version that is to be the newest one applied afterwards.");
		}
		return new ArrayList<>(List.of(last));
	}

	private static List<MigrationFile> applied(List<MigrationFile> files, HistorySnapshot history) {
		return files.stream()
			.filter((file) -> !RecordRemoval.isOver(history, file.version()))
			.collect(Collectors.toCollection(ArrayList::new));
	}

	private MigrationFile requireFile(String version) {
		return this.files.stream()
			.filter((file) -> file.version().equals(version))
			.findFirst()
			.orElseThrow(() -> new RollbackRefusedException(
					"There is no migration file with the version " + version + "." + NOTHING,
					"Name a version exactly as its file's name has it."));
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
		this.files.subList(this.files.indexOf(lowest), this.files.size())
			.forEach((file) -> requireNothingLeft(file, history));
	}

	private static void requireNothingLeft(MigrationFile file, HistorySnapshot history) {
		if (history.unfinished(file.version()).filter(RollbackTargets::mayHaveLeftSomething).isPresent()) {
			throw new RollbackRefusedException(
					file.name() + " was started and is not whole, so a part of it may have taken effect." + NOTHING,
					"Apply it first: fix it and start again. Then it can be rolled back too.");
		}
	}

	private static boolean mayHaveLeftSomething(JournalProgress progress) {
		return progress.isOpen() && !progress.isReverting() && (progress.done() > 0 || !progress.isFailed());
	}

}
