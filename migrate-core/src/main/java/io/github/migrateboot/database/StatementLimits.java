package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How a database limits what statements wait for and how long they run. Implementations
 * are immutable.
 */
@FunctionalInterface
public interface StatementLimits {

	/**
	 * Return the statement that limits how long the following ones wait for a lock. What
	 * restores the session between migrations lifts the limit.
	 * @param timeout the limit
	 * @param local whether the limit is to end with the transaction, where that is
	 * possible; see {@link Capability#TRANSACTION_LIMITS}
	 * @return one statement
	 */
	String lockWait(Duration timeout, boolean local);

	/**
	 * Let the next statement wait for locks as long as it has to, unless the migration
	 * itself has set a limit.
	 * @param connection the migrating connection
	 * @param timeout the limit that {@link #lockWait} has set
	 * @return whether that limit was lifted and has to be set again
	 * @throws SQLException if the server cannot be asked
	 */
	default boolean liftLockWait(Connection connection, Duration timeout) throws SQLException {
		return false;
	}

	/**
	 * Return how the server itself limits the time of each statement, so that no other
	 * connection has to cancel it.
	 * @param timeout the limit
	 * @return how, or {@code null} if it cannot
	 */
	default @Nullable TimeLimit time(Duration timeout) {
		return null;
	}

}
