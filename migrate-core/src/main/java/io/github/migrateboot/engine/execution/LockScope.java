package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.lock.MigrationLock;

/**
 * For how long a run holds the lock: from the first migration to the last, or anew for
 * each migration, so that instances take turns.
 */
public interface LockScope {

	/**
	 * Return the condition that the lock is held, for statements in transactions that
	 * {@link #begin} has started.
	 */
	String condition();

	/**
	 * Return the statement that each transaction which records something contains; see
	 * {@link MigrationLock#fence()}.
	 */
	Optional<String> fence();

	/**
	 * Return whether the lock is held from the first migration to the last.
	 */
	boolean isHeldThroughout();

	/**
	 * Return how long the lock was waited for, in all.
	 */
	Duration waited();

	/**
	 * Begin a transaction of the migrating connection in which the lock is held, waiting
	 * for the lock if need be.
	 * @param version the migration that it is for
	 * @param first statements that must come first in the transaction
	 * @return {@link Turn#OURS}; or something else, and then there is no transaction
	 */
	Turn begin(String version, List<String> first) throws SQLException;

	/**
	 * Hold the lock for a migration that is not one transaction, waiting for the lock if
	 * need be.
	 * @param version the migration that it is for
	 * @return the lock, or empty if others have applied the migration meanwhile
	 */
	Optional<MigrationLock> hold(String version) throws SQLException;

	/**
	 * Do work of our own while the lock is held, in a transaction if that is what holds
	 * it.
	 * @param needless asked while waiting for the lock: whether others have done it
	 */
	void guard(BooleanSupplier needless, SqlAction work) throws SQLException;

	/**
	 * Do work of our own while the lock is held, or leave it if the lock is not free.
	 */
	void guardIfFree(SqlAction work) throws SQLException;

	/**
	 * Creates the lock of a run.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Create the lock.
		 * @param turns tells by the history whose turn it is, where others may have been
		 * at work meanwhile
		 */
		LockScope create(TurnCheck turns);

	}

}
