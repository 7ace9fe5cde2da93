package io.github.migrateboot.lock;

import java.sql.SQLException;

/**
 * Creates the lock strategy of each run. The default is {@link LockStrategies#choose}, to
 * which an implementation may leave what it does not want to decide.
 */
@FunctionalInterface
public interface LockStrategyFactory {

	/**
	 * Create the strategy for a run.
	 * @param choice what {@code migrate.lock.strategy} says
	 * @param request what the strategy is made from
	 * @return a new strategy, which the caller closes
	 * @throws SQLException if the server has to be asked and can't be
	 */
	LockStrategy create(LockChoice choice, LockRequest request) throws SQLException;

}
