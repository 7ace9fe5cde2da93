package io.github.migrateboot.engine.plan;

/**
 * What a run has done before the migration it is at, and what it has not.
 *
 * @param before what it has done, as the beginning of a sentence
 * @param done what becomes of a migration: "applied" or "rolled back"
 * @param after how many migrations come after this one
 */
public record RunSummary(String before, String done, int after) {

	/**
	 * Say it where nothing of this migration counts.
	 */
	public String undone() {
		return this.before + "; not " + this.done + ": this one"
				+ ((this.after > 0) ? " and " + this.after + " after it." : ".");
	}

	/**
	 * Say it where nobody knows yet what has become of this migration.
	 */
	public String unknown() {
		return this.before + "; not known yet: whether this one is " + this.done
				+ ((this.after > 0) ? "; not " + this.done + ": " + this.after + " after it." : ".");
	}

}
