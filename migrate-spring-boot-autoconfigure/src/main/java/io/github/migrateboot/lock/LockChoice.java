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
