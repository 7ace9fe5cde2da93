package io.github.migrateboot.lock;

/**
 * The lock of one transaction of the migrating connection. {@link #tryAcquire} starts the
 * transaction and leaves it open if it got the lock, which ends with the transaction.
 */
public interface TransactionLock extends LockStrategy {

	/**
	 * Return an SQL condition, without parameters, that is true only in a transaction
	 * that holds the lock.
	 * @return the same as {@link MigrationLock#condition()}, but known beforehand
	 */
	String condition();

}
