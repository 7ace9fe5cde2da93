package io.github.migrateboot.script;

/**
 * PostgreSQL: semicolons in parentheses, as in {@code CREATE RULE}, and in the
 * {@code BEGIN ATOMIC … END} body of a routine.
 */
final class PostgresNesting implements Nesting {

	private int parentheses;

	/**
	 * Open {@code BEGIN ATOMIC} and, within it, {@code CASE}.
	 */
	private int depth;

	private int count;

	private boolean creates;

	private boolean routine;

	private String previous = "";

	@Override
	public void begin() {
		this.parentheses = 0;
		this.depth = 0;
		this.count = 0;
		this.creates = false;
		this.routine = false;
		this.previous = "";
	}

	@Override
	public void accept(Lexer token) {
		String word = token.word();
		if (token.type() == Lexer.Type.WORD) {
			acceptWord(word);
		}
		else if ("(".equals(word)) {
			this.parentheses++;
		}
		else if (")".equals(word) && this.parentheses > 0) {
			this.parentheses--;
		}
		this.previous = word;
		this.count++;
	}

	private void acceptWord(String word) {
		if (this.count == 0) {
			this.creates = "CREATE".equals(word);
		}
		else if (this.creates && (this.count == 1 || this.count == 3 && "REPLACE".equals(this.previous))) {
			this.routine = "FUNCTION".equals(word) || "PROCEDURE".equals(word);
		}
		// After a dot or AS it is a name.
		if (!this.routine || ".".equals(this.previous) || "AS".equals(this.previous)) {
			return;
		}
		if (this.depth == 0) {
			this.depth = ("ATOMIC".equals(word) && "BEGIN".equals(this.previous)) ? 1 : 0;
		}
		else if ("CASE".equals(word)) {
			this.depth++;
		}
		else if ("END".equals(word)) {
			this.depth--;
		}
	}

	@Override
	public boolean holds() {
		return this.parentheses > 0 || this.depth > 0;
	}

}
