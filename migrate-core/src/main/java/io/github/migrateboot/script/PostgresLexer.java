package io.github.migrateboot.script;

/**
 * PostgreSQL's tokens, with {@code standard_conforming_strings} on.
 */
final class PostgresLexer extends Lexer {

	PostgresLexer(String text) {
		super(text);
	}

	@Override
	Lexer on(String next) {
		return new PostgresLexer(next);
	}

	@Override
	int comment(int from) {
		if (this.text.startsWith("--", from)) {
			return lineCommentUntilReturn(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, Integer.MAX_VALUE) : -1;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"') {
			return quotation(from, from + 1, c, false);
		}
		if ((c == 'E' || c == 'e') && charAt(from + 1) == '\'') {
			return escapeString(from);
		}
		String tag = (c == '$') ? dollarTag(from) : null;
		return (tag != null) ? quotationUntil(from, from + tag.length(), tag) : -1;
	}

	private int escapeString(int from) {
		int to = quotation(from, from + 2, '\'', true);
		int next = blanks(to);
		// A string goes on in the next line by the rules by which it began.
		while (charAt(next) == '\'' && hasLineBreak(to, next)) {
			to = quotation(next, next + 1, '\'', true);
			next = blanks(to);
		}
		return to;
	}

	private boolean hasLineBreak(int from, int to) {
		String blanks = this.text.substring(from, to);
		return blanks.indexOf('\n') >= 0 || blanks.indexOf('\r') >= 0;
	}

}
