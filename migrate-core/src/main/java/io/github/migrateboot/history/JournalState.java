package io.github.migrateboot.history;

/**
 * What a journal row says about its migration.
 */
public enum JournalState {

	/**
	 * Started and not ended, or cut off.
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
	BASELINE,

	/**
	 * Its down block was started and has not ended, or was cut off. Counts only without a
	 * version row.
	 */
	REVERTING,

	/**
	 * A statement of its down block failed, and others have taken effect.
	 */
	REVERT_FAILED,

	/**
	 * Rolled back as a whole.
	 */
	REVERTED;

	/**
	 * Return whether a rollback was started and is not whole.
	 * @return whether the state is about a down block
	 */
	public boolean isReverting() {
		return this == REVERTING || this == REVERT_FAILED;
	}

	static JournalState of(String stored) {
		return valueOf(stored.toUpperCase(java.util.Locale.ROOT));
	}

	String stored() {
		return name().toLowerCase(java.util.Locale.ROOT);
	}

}
