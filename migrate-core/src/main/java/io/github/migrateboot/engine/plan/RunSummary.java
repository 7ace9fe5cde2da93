package io.github.migrateboot.engine.plan;

import java.util.List;

/**
 * What a run has done before the migration it is at, and what it has not.
 *
 * @param before what it has done, as the beginning of a sentence
 * @param done what becomes of a migration: "applied" or "rolled back"
 * @param after how many migrations come after this one
 */
public record RunSummary(String before, String done, int after) {

	private static final int MOST_NAMED = 5;

	/**
	 * Name versions: all of them if they are few, otherwise the first, the last and how
	 * many there are.
	 * @param versions one or more versions, in order
	 */
	public static String span(List<String> versions) {
		return (versions.size() <= MOST_NAMED) ? String.join(", ", versions)
				: versions.size() + " migrations, from " + versions.get(0) + " to " + versions.get(versions.size() - 1);
	}

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
		return unknown(0);
	}

	/**
	 * Say it where nobody knows yet what has become of this migration and others.
	 * @param behind how many behind this one, in order, may be done if this one is
	 */
	public String unknown(int behind) {
		int rest = this.after - behind;
		return this.before + "; not known yet: whether this one is " + this.done
				+ ((behind > 0) ? ", and " + behind + " after it" : "") + ((rest > 0)
						? "; not " + this.done + ": " + rest + ((behind > 0) ? " after those." : " after it.") : ".");
	}

}
