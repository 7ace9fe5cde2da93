package io.github.migrateboot.history;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The history at one moment.
 *
 * @param tableExists whether the history table is there
 * @param journalExists whether the journal is there
 * @param versions the applied versions
 * @param journal the journal rows by version
 */
public record HistorySnapshot(boolean tableExists, boolean journalExists, Set<String> versions,
		Map<String, JournalProgress> journal) {

	static final HistorySnapshot NOTHING = new HistorySnapshot(false, false, Set.of(), Map.of());

	/**
	 * Return whether a migration is applied. The version row alone decides.
	 * @param version the version
	 * @return whether it is applied
	 */
	public boolean isApplied(String version) {
		return this.versions.contains(version);
	}

	/**
	 * Return the journal row of a migration that was started and is not applied.
	 * @param version the version
	 * @return its progress, if there is such a row
	 */
	public Optional<JournalProgress> unfinished(String version) {
		return isApplied(version) ? Optional.empty() : Optional.ofNullable(this.journal.get(version));
	}

	/**
	 * Return the checksum of the file that was applied.
	 * @param version the version
	 * @return the checksum, if the migration is applied and the journal knows it
	 */
	public Optional<String> checksum(String version) {
		return isApplied(version) ? Optional.ofNullable(this.journal.get(version)).map(JournalProgress::checksum)
				: Optional.empty();
	}

}
