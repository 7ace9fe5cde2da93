package io.github.migrateboot.engine.execution;

/**
 * What has become of a migration when its turn has come.
 */
public enum Turn {

	/**
	 * It is this run's, from its first statement to the last.
	 */
	OURS,

	/**
	 * Others have done it.
	 */
	OVER,

	/**
	 * It was left half-way, and is to be resumed statement by statement.
	 */
	BY_STATEMENT

}
