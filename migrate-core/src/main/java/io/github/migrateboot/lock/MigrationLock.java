package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.util.Optional;

import io.github.migrateboot.failure.LockLostException;

/**
 * A lock that is held.
 */
public interface MigrationLock extends AutoCloseable {

	/**
	 * Return an SQL condition, without parameters, that is true on the migrating
	 * connection only while the lock is held. Every statement that records something
	 * contains it.
	 * @return for example {@code IS_USED_LOCK('migrate:…') = CONNECTION_ID()}
	 */
	String condition();

	/**
	 * Return a statement that each transaction which records something must contain, and
	 * that must change exactly one row there, for a lock that others may take over
	 * meanwhile: it makes their take-over and the record exclude each other.
	 * @return the statement, without parameters; empty where {@link #condition()} is
	 * enough
	 */
	default Optional<String> fence() {
		return Optional.empty();
	}

	/**
	 * Ask the server whether the lock is still held.
	 * @throws LockLostException if it is not
	 * @throws SQLException if the server cannot be asked
	 */
	void verify() throws SQLException;

	/**
	 * Release the lock. Does nothing if it is lost or its connection is gone, and does
	 * not fail.
	 */
	@Override
	void close();

}
