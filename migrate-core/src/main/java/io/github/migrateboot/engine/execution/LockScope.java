package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.MigrationLock;

/**
 * How a run holds the lock: throughout, or by turns, that is, anew for each migration.
 */
public interface LockScope {

	/**
	 * Return the condition that the lock is held, for statements in transactions that
	 * {@link #begin} has begun.
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
	 * @return {@code false}, and no transaction, if others have applied the migration
	 * meanwhile, or if it turns out that it can't be one transaction
	 */
	boolean begin(String version, List<String> first) throws SQLException;

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
	void guard(BooleanSupplier needless, Work work) throws SQLException;

	/**
	 * Do work of our own while the lock is held, or leave it if the lock is not free.
	 */
	void guardIfFree(Work work) throws SQLException;

	/**
	 * Creates the lock of a run.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Create the lock.
		 * @param history reads the history
		 * @param inspection sees the history when a migration's turn has come, stops the
		 * run if the migration must not be applied, and tells whether it can be one
		 * transaction
		 */
		LockScope create(Supplier<HistorySnapshot> history, Predicate<HistorySnapshot> inspection);

	}

	/**
	 * Some statements.
	 */
	@FunctionalInterface
	interface Work {

		void run() throws SQLException;

	}

}
