package io.github.migrateboot.engine.run;

import org.jspecify.annotations.Nullable;

/**
 * What a rollback is to leave.
 *
 * @param only the version that is to be rolled back, or {@code null} if it is not named
 * @param to the version that is to be the newest afterwards, or {@code null} if one
 * migration is to be rolled back
 */
public record RollbackGoal(@Nullable String only, @Nullable String to) {

	/**
	 * Return the goal to roll back the newest migration, whichever it is.
	 */
	public static RollbackGoal last() {
		return new RollbackGoal(null, null);
	}

	/**
	 * Return the goal to roll back one migration, which has to be the newest, or is
	 * rolled back already.
	 */
	public static RollbackGoal only(String version) {
		return new RollbackGoal(version, null);
	}

	/**
	 * Return the goal to roll back all that sort behind a version.
	 */
	public static RollbackGoal downTo(String version) {
		return new RollbackGoal(null, version);
	}

	@Override
	public String toString() {
		if (this.to != null) {
			return "down to " + this.to;
		}
		return (this.only != null) ? this.only : "the last migration";
	}

}
