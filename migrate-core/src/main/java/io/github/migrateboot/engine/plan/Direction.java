package io.github.migrateboot.engine.plan;

import java.util.List;

/**
 * Which way a migration goes, in words.
 */
public enum Direction {

	/**
	 * The migration is applied.
	 */
	UP("the migration", "start again", "the next start", "applied", "Applied before it in this run and recorded: "),

	/**
	 * The migration is rolled back.
	 */
	DOWN("its down block", "roll back again", "the next rollback", "rolled back",
			"Rolled back before it in this run: ");

	private final String what;

	private final String again;

	private final String next;

	private final String done;

	private final String before;

	Direction(String what, String again, String next, String done, String before) {
		this.what = what;
		this.again = again;
		this.next = next;
		this.done = done;
		this.before = before;
	}

	public String what() {
		return this.what;
	}

	public String again() {
		return this.again;
	}

	public String next() {
		return this.next;
	}

	/**
	 * Return what becomes of a migration.
	 */
	public String done() {
		return this.done;
	}

	/**
	 * Say what a run has done, as the beginning of a sentence.
	 */
	public String before(List<String> versions) {
		return versions.isEmpty() ? "No migration was " + this.done + " before it in this run"
				: this.before + RunSummary.span(versions);
	}

}
