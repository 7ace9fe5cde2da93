package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What the error codes of MySQL and MariaDB mean.
 */
final class MySqlErrors implements DatabaseErrors {

	private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227, 1370);

	private static final int MISSING_TABLE = 1146;

	private static final int READ_ONLY_TRANSACTION = 1792;

	/** A table without transactions in a transaction of several statements. */
	private static final int GTID_UNSAFE = 1785;

	private static final int NOT_PARSED = 1064;

	/** Which of the two comes is the server's taste. */
	private static final Set<Integer> NOT_ONLINE = Set.of(1845, 1846);

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
	public boolean isNotUnderstood(SQLException error) {
		return DatabaseErrors.super.isNotUnderstood(error) || is(error, Set.of(GTID_UNSAFE)) || isNotOnline(error);
	}

	@Override
	public boolean isNotParsed(SQLException error) {
		return is(error, Set.of(NOT_PARSED));
	}

	@Override
	public boolean isNotOnline(SQLException error) {
		return is(error, NOT_ONLINE);
	}

	@Override
	public boolean isRefusedToSession(SQLException error) {
		return isPermissionDenied(error) || isReadOnlyTransaction(error);
	}

	static boolean isReadOnlyTransaction(SQLException error) {
		return is(error, Set.of(READ_ONLY_TRANSACTION));
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
