package io.github.migrateboot.script;

/**
 * One statement of a migration file.
 *
 * @param number its number among all statements of the file's up sections, from 1
 * @param line the line of the file on which its first token stands, from 1
 * @param text the text to send: begins with its first token, without the delimiter that
 * ends it, comments inside left in place
 * @param kind what it means for the transaction it runs in
 */
public record SqlStatement(int number, int line, String text, Kind kind) {

	/**
	 * What a statement means for the transaction it runs in.
	 */
	public enum Kind {

		/**
		 * Begins, ends or continues a transaction by itself: {@code BEGIN},
		 * {@code COMMIT}, {@code ROLLBACK}, {@code START TRANSACTION}, {@code END},
		 * {@code PREPARE
		 * TRANSACTION} … ({@code SAVEPOINT} and {@code ROLLBACK TO} are
		 * {@link #ORDINARY}.)
		 */
		TRANSACTION_CONTROL,

		/**
		 * Sets properties of the current transaction and must be its first statement:
		 * {@code SET TRANSACTION …}.
		 */
		TRANSACTION_SETTING,

		/**
		 * Changes, reads or calls; leaves an open transaction open.
		 */
		DATA,

		/**
		 * Anything else. On MySQL, MariaDB and H2 it may commit an open transaction
		 * before and after itself.
		 */
		ORDINARY

	}

}
