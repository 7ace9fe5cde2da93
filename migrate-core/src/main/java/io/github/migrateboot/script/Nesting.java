package io.github.migrateboot.script;

/**
 * Tells whether a semicolon ends a statement or belongs to it. It sees the tokens of one
 * statement after another, without blanks and comments.
 */
interface Nesting {

	/**
	 * A statement begins.
	 */
	void begin();

	/**
	 * A token of the statement, which may be a semicolon that the statement holds.
	 * @param token the lexer, which stands at the token
	 */
	void accept(Lexer token);

	/**
	 * Return whether a semicolon at this place belongs to the statement.
	 * @return whether it does not end the statement
	 */
	boolean holds();

}
