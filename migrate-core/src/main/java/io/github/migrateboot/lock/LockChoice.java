package io.github.migrateboot.lock;

/**
 * Which lock strategy is asked for; {@code migrate.lock.strategy}.
 */
public enum LockChoice {

	/**
	 * What fits the database.
	 */
	AUTO,

	/**
	 * A lock of the migrating session: PostgreSQL, MySQL and MariaDB.
	 */
	SESSION,

	/**
	 * A lock of the migration's own transaction, or of a transaction that a second
	 * connection keeps open meanwhile: PostgreSQL behind a pooler.
	 */
	PINNED,

	/**
	 * A row that is renewed again and again: MariaDB Galera; PostgreSQL, MySQL and
	 * MariaDB on request.
	 */
	LEASE,

	/**
	 * A row locked by a second connection: H2.
	 */
	ROW,

	/**
	 * A locked side file: SQLite.
	 */
	FILE,

	/**
	 * No lock; two instances that start together may both migrate.
	 */
	NONE

}
