package io.github.migrateboot.engine.execution;

import io.github.migrateboot.failure.MigrationException;

/**
 * Tells by the history what has become of a migration, for locks that instances take by
 * turns.
 */
public interface TurnCheck {

	/**
	 * Return whether others had done a migration when the history was read last: who has
	 * waited for one has often seen others done too.
	 */
	boolean wasOver(String version);

	/**
	 * Read the history and return whether others have done a migration.
	 */
	boolean isOver(String version);

	/**
	 * Read the history with the lock in hand and decide.
	 * @throws MigrationException if the migration must not be run
	 */
	Turn decide(String version);

	/**
	 * Require, with the lock in hand, that it is the right one.
	 */
	default void verify() {
	}

}
