package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What H2's error codes mean.
 */
final class H2Errors implements DatabaseErrors {

	private static final Set<Integer> MISSING = Set.of(42102, 42103, 42104, 90079);

	private static final Set<Integer> DENIED = Set.of(90096, 90040);

	private static final int LOCK_TIMEOUT = 50200;

	/** Deadlock, concurrent update. */
	private static final Set<Integer> CONFLICTS = Set.of(40001, 90131);

	@Override
	public boolean isMissingTable(SQLException error) {
		return is(error, MISSING);
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return is(error, DENIED);
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return is(error, Set.of(LOCK_TIMEOUT));
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return is(error, CONFLICTS);
	}

	private static boolean is(SQLException error, Set<Integer> codes) {
		return SqlErrors.any(error, (one) -> codes.contains(one.getErrorCode()));
	}

}
