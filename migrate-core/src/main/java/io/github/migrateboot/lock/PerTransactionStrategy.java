package io.github.migrateboot.lock;

import java.util.List;

/**
 * A strategy whose lock is not held for a whole run but acquired for each migration,
 * because no session lasts so long: by the migration's own transaction, or, for a
 * migration without one, by what {@link #tryAcquire} gives.
 */
public interface PerTransactionStrategy extends LockStrategy {

	/**
	 * Return how a transaction of the migrating connection acquires the lock for itself.
	 * @param first statements that must come first in the transaction
	 * @return the lock of one transaction
	 */
	TransactionLock ofTransaction(List<String> first);

}
