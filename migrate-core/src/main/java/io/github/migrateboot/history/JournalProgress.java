package io.github.migrateboot.history;

/**
 * How far a migration is, as its journal row says.
 *
 * @param state the state
 * @param checksum the checksum of the file that was started
 * @param done how many statements have surely taken effect
 * @param statement the statement that was started last and is not surely done, from 1; 0
 * if there is none
 */
public record JournalProgress(JournalState state, String checksum, int done, int statement) {

	/**
	 * Return whether it failed and what could be undone has been.
	 * @return whether nothing but the statements that are done has taken effect
	 */
	public boolean isFailed() {
		return this.state == JournalState.FAILED;
	}

	/**
	 * Return whether a part of its down block may have taken effect.
	 * @return whether its rollback was started and is not whole
	 */
	public boolean isReverting() {
		return this.state.isReverting();
	}

	/**
	 * Return whether it was started and is not known to be whole.
	 * @return whether there may be something to go on with
	 */
	public boolean isOpen() {
		// Whole without a version row has been rolled back, for example by dbmate.
		return this.state == JournalState.RUNNING || this.state == JournalState.FAILED || isReverting();
	}

}
