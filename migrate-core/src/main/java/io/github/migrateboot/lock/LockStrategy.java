package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * One way to let a single instance migrate at a time. A strategy belongs to one run and
 * is used by one thread. These five methods are all that it needs; one that can do more
 * implements {@link WakingStrategy}, {@link BlockingStrategy} or {@link HolderAdvice}
 * too.
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
	 * Try to acquire the lock. Must not be called while it is held.
	 * @param patience how long the server may make the caller wait where it can wake a
	 * waiter; other strategies return at once
	 * @return the lock, or empty if another holds it
	 * @throws SQLException if the server gave neither answer
	 */
	Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException;

	/**
	 * Ask who holds the lock.
	 * @return the holder, or empty if nobody does or the server does not tell
	 * @throws SQLException if the server cannot be asked
	 */
	Optional<LockHolder> holder() throws SQLException;

	/**
	 * Ask who holds the lock, for who only looks: nothing is opened, written or taken,
	 * not even for a moment. The answer may name a holder that was killed.
	 * @return the holder, or empty if nobody does or the server does not tell
	 * @throws SQLException if the server cannot be asked
	 */
	default Optional<LockHolder> peek() throws SQLException {
		return holder();
	}

	/**
	 * Close what the strategy opened for itself, and never the migrating connection. Does
	 * not fail.
	 */
	@Override
	void close();

}
