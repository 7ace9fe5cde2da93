package io.github.migrateboot.script;

/**
 * Every semicolon outside of quotations and comments ends a statement.
 */
final class NoNesting implements Nesting {

	@Override
	public void begin() {
	}

	@Override
	public void accept(Lexer token) {
	}

	@Override
	public boolean holds() {
		return false;
	}

}
