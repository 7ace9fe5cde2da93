package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What SQLite's result codes mean.
 */
final class SqliteErrors implements DatabaseErrors {

	static final int READONLY = 8;

	private static final int ERROR = 1;

	/**
	 * SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL (a race when a WAL file is opened) and
	 * SQLITE_SCHEMA (others changed the schema more than once while a statement was
	 * prepared). None of them has done anything.
	 * @see <a href="https://www.sqlite.org/rescode.html">Result and error codes</a>
	 */
	private static final Set<Integer> BUSY = Set.of(5, 6, 15, 17);

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
