package io.github.migrateboot.script;

/**
 * The tokens of H2 in its regular mode.
 */
final class H2Lexer extends Lexer {

	H2Lexer(String text) {
		super(text);
	}

	@Override
	int comment(int from) {
		if (this.text.startsWith("--", from) || this.text.startsWith("//", from)) {
			return lineCommentUntilReturn(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, true) : -1;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"' || c == '`') {
			return quotation(from, from + 1, c, false);
		}
		return this.text.startsWith("$$", from) ? quotationUntil(from, from + 2, "$$") : -1;
	}

	@Override
	boolean isWordPart(char c) {
		return super.isWordPart(c) && !Character.isSpaceChar(c);
	}

	@Override
	boolean isBlank(char c) {
		return super.isBlank(c) || Character.isSpaceChar(c);
	}

}
