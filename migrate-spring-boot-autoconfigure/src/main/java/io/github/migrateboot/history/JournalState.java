package io.github.migrateboot.history;

/**
 * What a journal row says about its migration.
 */
public enum JournalState {

	/**
	 * Begun and not ended, or cut off.
	 */
	RUNNING,

	/**
	 * A statement failed and what could be undone has been.
	 */
	FAILED,

	/**
	 * Whole. Counts only together with a version row.
	 */
	APPLIED,

	/**
	 * Recorded without being run.
	 */
	BASELINE;

	static JournalState of(String stored) {
		return valueOf(stored.toUpperCase(java.util.Locale.ROOT));
	}

	String stored() {
		return name().toLowerCase(java.util.Locale.ROOT);
	}

}
