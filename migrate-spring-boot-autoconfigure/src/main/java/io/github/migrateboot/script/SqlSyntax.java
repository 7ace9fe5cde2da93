package io.github.migrateboot.script;

/**
 * The lexical rules by which a script is split into statements.
 */
public enum SqlSyntax {

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL,

	/**
	 * MySQL and MariaDB, with the {@code DELIMITER} of their client programs.
	 */
	MYSQL,

	/**
	 * SQLite.
	 */
	SQLITE,

	/**
	 * H2.
	 */
	H2

}
