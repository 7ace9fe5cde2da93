package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What the error codes of MySQL and MariaDB mean.
 */
final class MySqlErrors implements DatabaseErrors {

	private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227, 1370);

	private static final int MISSING_TABLE = 1146;

	private static final int LOCK_WAIT_TIMEOUT = 1205;

	private static final int DEADLOCK = 1213;

	/** Only MariaDB has it. */
	private static final int STATEMENT_TIMEOUT = 1969;

	@Override
	public boolean isMissingTable(SQLException error) {
		return is(error, Set.of(MISSING_TABLE));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return is(error, DENIED);
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return is(error, Set.of(LOCK_WAIT_TIMEOUT));
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return is(error, Set.of(DEADLOCK));
	}

	@Override
	public boolean isTimeLimit(SQLException error) {
		return is(error, Set.of(STATEMENT_TIMEOUT));
	}

	private static boolean is(SQLException error, Set<Integer> codes) {
		return SqlErrors.any(error, (one) -> codes.contains(one.getErrorCode()));
	}

}
