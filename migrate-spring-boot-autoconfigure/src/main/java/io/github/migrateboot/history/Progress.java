package io.github.migrateboot.history;

/**
 * How far a migration is, as its journal row says.
 *
 * @param state the state
 * @param checksum the checksum of the file that was begun
 * @param done how many statements have surely taken effect
 * @param statement the statement that was begun last and is not surely done, from 1; 0 if
 * there is none
 */
public record Progress(JournalState state, String checksum, int done, int statement) {

	/**
	 * Return whether nothing of the migration can have taken effect, so that it may start
	 * over.
	 * @return whether the database is as it was before the migration
	 */
	public boolean isUntouched() {
		return switch (this.state) {
			case RUNNING -> this.done == 0 && this.statement == 0;
			case FAILED -> this.done == 0;
			// Without a version row it has been rolled back, for example by dbmate.
			case APPLIED, BASELINE -> true;
		};
	}

}
