package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One way to let a single instance migrate at a time. A strategy belongs to one run and
 * is used by one thread.
 * <p>
 * What every strategy promises, and {@code LockContractTests} checks:
 * <ol>
 * <li>Of any number of sessions, at most one holds the lock.</li>
 * <li>{@link #tryAcquire} leaves no transaction, snapshot or table lock behind when it
 * does not get the lock.</li>
 * <li>The lock is free as soon as the server has noticed that its holder has gone.</li>
 * <li>Any answer of the server other than "yours" and "not yours" is an error, never a
 * lock.</li>
 * <li>{@link MigrationLock#condition()} is false as soon as the lock is not this
 * instance's any more, for whatever reason.</li>
 * </ol>
 */
public interface LockStrategy extends AutoCloseable {

	/**
	 * Return the strategy's name as {@code migrate.lock.strategy} has it.
	 * @return for example {@code session}
	 */
	String name();

	/**
	 * Say for the log what is used and why, in one clause.
	 * @return for example {@code advisory lock 8411 of PostgreSQL 18.1 on the migrating
	 * connection}
	 */
	String describe();

	/**
	 * Try to take the lock. Must not be called while it is held.
	 * @param patience how long the server may make the caller wait where it can wake a
	 * waiter; strategies that cannot be woken return at once
	 * @return the lock, or empty if another holds it
	 * @throws SQLException if the server gave neither answer
	 */
	Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException;

	/**
	 * Ask the server to say when the lock is released, where it can do that without a
	 * waiter being blocked in it. Whoever asks looks once more before it waits.
	 * @return whether {@link #pause} ends when the lock is released
	 * @throws SQLException if the server cannot be asked
	 */
	default boolean listen() throws SQLException {
		return false;
	}

	/**
	 * Pause between two tries, without holding anything in the database.
	 * @param duration how long at most
	 * @param signal ends the pause
	 * @return {@code false} if the signal was given
	 * @throws InterruptedException if the thread was interrupted
	 * @throws SQLException if the connection is lost
	 */
	default boolean pause(Duration duration, StopSignal signal) throws InterruptedException, SQLException {
		return signal.pause(duration);
	}

	/**
	 * End a {@link #tryAcquire}, or another question of a waiter on the migrating
	 * connection, that the server makes wait; it may then fail, and the waiter asks
	 * nothing more. Called from any thread; does nothing where the server never makes the
	 * caller wait.
	 * @throws SQLException if it cannot be ended
	 */
	default void cancel() throws SQLException {
	}

	/**
	 * Return whether a poll is answered within seconds as long as the connection is good,
	 * so that one that is not answered tells of a lost connection.
	 * @return {@code false} where work of others can hold the answers up
	 */
	default boolean answersAtOnce() {
		return true;
	}

	/**
	 * Return how a transaction of the migrating connection takes the lock for itself,
	 * where a lock is not held for a whole run but taken for each migration. What
	 * {@link #tryAcquire} gives is for migrations without a transaction there.
	 * @param first statements that must come first in the transaction
	 * @return the lock of one transaction, or empty where a lock is held for a whole run
	 */
	default Optional<TransactionLock> ofTransaction(List<String> first) {
		return Optional.empty();
	}

	/**
	 * Ask who holds the lock.
	 * @return the holder, or empty if nobody does or the server does not tell
	 * @throws SQLException if the server cannot be asked
	 */
	Optional<LockHolder> holder() throws SQLException;

	/**
	 * Say how an administrator ends a holder that is stuck.
	 * @param holder the holder
	 * @return a clause, for example {@code end its session with KILL 4711}
	 */
	default String howToEnd(LockHolder holder) {
		return "end its process";
	}

	/**
	 * Say what a waiter cannot know of a holder that may be dead.
	 * @param holder the holder
	 * @return a sentence, or an empty text if there is nothing to say
	 */
	default String whatIfDead(LockHolder holder) {
		return "";
	}

	/**
	 * Close what the strategy opened for itself, and never the migrating connection. Does
	 * not fail.
	 */
	@Override
	void close();

}
