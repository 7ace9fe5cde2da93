package io.github.migrateboot.script;

/**
 * SQLite's tokens.
 */
final class SqliteLexer extends Lexer {

	SqliteLexer(String text) {
		super(text);
	}

	@Override
	Lexer on(String next) {
		return new SqliteLexer(next);
	}

	@Override
	int comment(int from) {
		if (this.text.startsWith("--", from)) {
			return lineComment(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, 1) : -1;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"' || c == '`') {
			return quotation(from, from + 1, c, false);
		}
		return (c == '[') ? quotationUntil(from, from + 1, "]") : -1;
	}

}
