package io.github.migrateboot.database;

import java.sql.SQLException;

/**
 * What the errors of a database mean. Implementations are immutable.
 */
public interface DatabaseErrors {

	/**
	 * Return whether the error says that a table or its schema does not exist.
	 * @param error the error
	 * @return whether a table is missing
	 */
	boolean isMissingTable(SQLException error);

	/**
	 * Return whether the error says that the user lacks a privilege.
	 * @param error the error
	 * @return whether permission was denied
	 */
	boolean isPermissionDenied(SQLException error);

	/**
	 * Return whether the error says that a statement was refused for what it says, and so
	 * has done nothing.
	 * @param error the error
	 * @return whether the statement was not even started
	 */
	default boolean isNotUnderstood(SQLException error) {
		return SqlErrors.any(error, (one) -> String.valueOf(one.getSQLState()).startsWith("42"));
	}

	/**
	 * Return whether the error says that a statement does not follow the grammar.
	 * @param error the error
	 * @return whether the statement was not even understood
	 */
	default boolean isNotParsed(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that a statement was asked to let others write to the
	 * table meanwhile and can't, and so has done nothing.
	 * @param error the error
	 * @return whether it was refused
	 */
	default boolean isNotOnline(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error may say that our own tables were refused to what a
	 * migration has made of its session: another role, or one that only reads.
	 * @param error the error
	 * @return whether to look for a {@link Sessions#passage passage}
	 */
	default boolean isRefusedToSession(SQLException error) {
		return isPermissionDenied(error);
	}

	/**
	 * Return whether the error says that a lock was not free in time.
	 * @param error the error
	 * @return whether a lock was waited for in vain
	 */
	boolean isLockTimeout(SQLException error);

	/**
	 * Return whether the error says that a transaction was rolled back for the sake of
	 * another one, so that it can be retried.
	 * @param error the error
	 * @return whether a deadlock or conflict was lost
	 */
	default boolean isDeadlock(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that {@link StatementLimits#time} has ended a
	 * statement.
	 * @param error the error
	 * @return whether a statement ran for too long
	 */
	default boolean isTimeLimit(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that what was to be created is already there, or is
	 * being created by somebody else.
	 * @param error the error
	 * @return whether it is there
	 */
	default boolean isAlreadyThere(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that a column refused NULL.
	 * @param error the error
	 * @return whether NULL was refused
	 */
	default boolean isNullRefused(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that a statement cannot run in a transaction, or not
	 * before one has been committed.
	 * @param error the error
	 * @return whether it may succeed outside a transaction
	 */
	default boolean isRefusedInTransaction(SQLException error) {
		return false;
	}

	/**
	 * Return where in the statement the error is.
	 * @param error the error as the server sent it
	 * @return the position of a character, from 1; 0 if the server does not tell
	 */
	default int position(SQLException error) {
		return 0;
	}

}
