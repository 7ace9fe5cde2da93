package io.github.migrateboot.database;

/**
 * What a database has that can keep other instances out; the package {@code lock} has a
 * strategy for each.
 */
public enum LockMeans {

	/**
	 * Advisory locks of PostgreSQL, which belong to a session or to a transaction.
	 */
	ADVISORY_LOCK,

	/**
	 * Named locks of MySQL and MariaDB, which belong to a session of one server.
	 */
	NAMED_LOCK,

	/**
	 * A row that an open transaction has locked.
	 */
	LOCKED_ROW,

	/**
	 * A file beside the database's own that an open transaction has locked.
	 */
	LOCKED_FILE

}
