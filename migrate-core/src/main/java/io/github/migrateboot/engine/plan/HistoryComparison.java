package io.github.migrateboot.engine.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalProgress;
import io.github.migrateboot.script.MigrationFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the files and the history have and have not in common.
 *
 * @param files all migration files
 * @param history the history
 */
public record HistoryComparison(List<MigrationFile> files, HistorySnapshot history) {

	private static final Logger logger = LoggerFactory.getLogger(HistoryComparison.class);

	private static final int MAX_NAMED = 5;

	/**
	 * Return the versions that are applied and have no file here, sorted.
	 */
	public List<String> ahead() {
		Set<String> ahead = new HashSet<>(this.history.versions());
		for (MigrationFile file : this.files) {
			ahead.remove(file.version());
		}
		return ahead.isEmpty() ? List.of() : ahead.stream().sorted().toList();
	}

	public List<MigrationFile> pending() {
		List<MigrationFile> pending = new ArrayList<>();
		for (MigrationFile file : this.files) {
			if (!this.history.isApplied(file.version())) {
				pending.add(file);
			}
		}
		return List.copyOf(pending);
	}

	public void logAhead() {
		List<String> ahead = ahead();
		if (!ahead.isEmpty()) {
			logger.info("The database is ahead of this application: {} applied without a file here: {}",
					(ahead.size() == 1) ? "one migration is" : ahead.size() + " migrations are", few(ahead));
		}
	}

	public String describePending() {
		return few(pending().stream().map(this::describe).toList());
	}

	private String describe(MigrationFile file) {
		return file.name() + (this.history.unfinished(file.version()).filter(JournalProgress::isOpen).isPresent()
				? " (started and not whole)" : "");
	}

	/**
	 * Name a few and count the others.
	 */
	public static String few(List<String> names) {
		List<String> some = new ArrayList<>(names.subList(0, Math.min(names.size(), MAX_NAMED)));
		String more = (names.size() > MAX_NAMED) ? " and " + (names.size() - MAX_NAMED) + " more" : "";
		return some.stream().collect(Collectors.joining(", ")) + more;
	}

}
