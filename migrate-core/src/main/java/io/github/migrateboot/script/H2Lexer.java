package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of H2. Its compatibility mode decides what square brackets are.
 */
final class H2Lexer extends Lexer {

	private static final String BRACKETS_QUOTE = "MSSQLServer";

	private boolean bracketsQuote;

	H2Lexer(String text, String mode) {
		this(text, bracketsQuote(mode));
	}

	private H2Lexer(String text, boolean bracketsQuote) {
		super(text);
		this.bracketsQuote = bracketsQuote;
	}

	private static boolean bracketsQuote(String mode) {
		return BRACKETS_QUOTE.equalsIgnoreCase(mode);
	}

	@Override
	Lexer on(String next) {
		return new H2Lexer(next, this.bracketsQuote);
	}

	@Override
	String mode() {
		return this.bracketsQuote ? BRACKETS_QUOTE : "";
	}

	@Override
	void set(String statement) {
		List<String> words = new ArrayList<>();
		Lexer lexer = on(statement);
		while (lexer.next()) {
			if (lexer.type() == Type.WORD || lexer.type() == Type.QUOTED) {
				words.add(statement.substring(lexer.start(), lexer.end()).replace("\"", ""));
			}
		}
		if (words.size() == 3 && "MODE".equalsIgnoreCase(words.get(1))) {
			this.bracketsQuote = bracketsQuote(words.get(2));
		}
	}

	@Override
	int comment(int from) {
		if (this.text.startsWith("--", from) || this.text.startsWith("//", from)) {
			return lineCommentUntilReturn(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, Integer.MAX_VALUE) : -1;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"' || c == '`') {
			return quotation(from, from + 1, c, false);
		}
		if (c == '[' && this.bracketsQuote) {
			return quotationUntil(from, from + 1, "]");
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
