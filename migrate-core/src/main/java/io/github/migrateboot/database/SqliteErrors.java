package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What SQLite's result codes mean.
 */
final class SqliteErrors implements DatabaseErrors {

	static final int READONLY = 8;

	private static final int ERROR = 1;

	/** SQLITE_BUSY and SQLITE_LOCKED. */
	private static final Set<Integer> BUSY = Set.of(5, 6);

	/** SQLITE_PERM, SQLITE_READONLY and SQLITE_AUTH. */
	private static final Set<Integer> DENIED = Set.of(3, READONLY, 23);

	@Override
	public boolean isMissingTable(SQLException error) {
		return SqlErrors.any(error, (one) -> one.getErrorCode() == ERROR && one.getMessage() != null
				&& one.getMessage().contains("no such table"));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return SqlErrors.any(error, (one) -> DENIED.contains(one.getErrorCode()));
	}

	@Override
	public boolean isRefusedInTransaction(SQLException error) {
		return SqlErrors.any(error,
				(one) -> one.getErrorCode() == ERROR && one.getMessage() != null
						&& (one.getMessage().contains("within a transaction")
								|| one.getMessage().contains("inside a transaction")));
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		// The rest of the number says why
		return SqlErrors.any(error, (one) -> BUSY.contains(one.getErrorCode() & 0xFF));
	}

}
