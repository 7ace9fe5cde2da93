package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of a statement of MySQL or MariaDB without blanks and comments, taken one
 * after the other. What the server executes of a comment counts as if it stood outside.
 */
final class DdlTokens {

	private static final String QUOTES = "`\"[";

	/**
	 * A name as it is written.
	 *
	 * @param text the name, with its schema if it has one
	 * @param table what it names
	 */
	record Name(String text, DdlTable table) {
	}

	private record Token(Lexer.Type type, int start, int end, String word, boolean nested) {

		boolean is(String other) {
			return this.type == Lexer.Type.WORD && this.word.equals(other);
		}

		boolean isSymbol(String other) {
			return this.type == Lexer.Type.SYMBOL && this.word.equals(other);
		}

	}

	private final String text;

	private final List<Token> tokens = new ArrayList<>();

	/** Where the first comment begins that some server executes. */
	private int executable = Integer.MAX_VALUE;

	private int position;

	DdlTokens(String text, SqlRules rules) {
		this.text = text;
		Lexer lexer = rules.lexer(text);
		int depth = 0;
		while (lexer.next()) {
			switch (lexer.type()) {
				case BLANK -> {
				}
				case MARKER, COMMENT -> noteExecutable(lexer.start());
				default -> {
					depth -= ")".equals(lexer.word()) ? 1 : 0;
					this.tokens.add(new Token(lexer.type(), lexer.start(), lexer.end(), lexer.word(), depth > 0));
					depth += "(".equals(lexer.word()) ? 1 : 0;
				}
			}
		}
	}

	private void noteExecutable(int start) {
		if (this.text.startsWith("/*!", start) || this.text.startsWith("/*M!", start)) {
			this.executable = Math.min(this.executable, start);
		}
	}

	/**
	 * Take the next token if it is a word.
	 * @return whether it was
	 */
	boolean take(String word) {
		if (isAtEnd() || !this.tokens.get(this.position).is(word)) {
			return false;
		}
		this.position++;
		return true;
	}

	/**
	 * Take the next token if it is one of these words.
	 * @return whether it was
	 */
	boolean takeAny(Set<String> words) {
		return words.stream().anyMatch(this::take);
	}

	/**
	 * Take the next tokens if they are these words.
	 * @return whether all of them were
	 */
	boolean takeAll(String... words) {
		int before = this.position;
		for (String word : words) {
			if (!take(word)) {
				this.position = before;
				return false;
			}
		}
		return true;
	}

	/**
	 * Take the next token, whatever it is.
	 */
	void takeOne() {
		this.position = Math.min(this.position + 1, this.tokens.size());
	}

	/**
	 * Take tokens until one that is not in parentheses is this word, and the word too.
	 * @return whether it is there
	 */
	boolean takeUntil(String word) {
		while (!isAtEnd()) {
			Token token = this.tokens.get(this.position++);
			if (!token.nested() && token.is(word)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Take a name with or without its schema.
	 * @return the name, or {@code null} if there is none
	 */
	@Nullable Name takeName() {
		int from = this.position;
		do {
			if (isAtEnd() || !isIdentifier(this.tokens.get(this.position))) {
				this.position = from;
				return null;
			}
			this.position++;
		}
		while (takeSymbol("."));
		String text = this.text.substring(this.tokens.get(from).start(), end());
		String last = identifier(this.tokens.get(this.position - 1));
		return new Name(text, new DdlTable((this.position - from == 1) ? "" : identifier(this.tokens.get(from)), last));
	}

	/**
	 * Take the next token if it is this symbol.
	 * @return whether it was
	 */
	boolean takeSymbol(String symbol) {
		boolean is = !isAtEnd() && this.tokens.get(this.position).isSymbol(symbol);
		this.position += is ? 1 : 0;
		return is;
	}

	private boolean isIdentifier(Token token) {
		return token.type() == Lexer.Type.WORD
				|| (token.type() == Lexer.Type.QUOTED && QUOTES.indexOf(this.text.charAt(token.start())) >= 0);
	}

	private String identifier(Token token) {
		String written = this.text.substring(token.start(), token.end());
		if (token.type() == Lexer.Type.WORD) {
			return written;
		}
		String quote = written.substring(written.length() - 1);
		return written.substring(1, written.length() - 1).replace(quote + quote, quote);
	}

	boolean isAtEnd() {
		return this.position == this.tokens.size();
	}

	/**
	 * Return whether one of these words is left that is not in parentheses.
	 */
	boolean hasLeft(Set<String> words) {
		return this.tokens.subList(this.position, this.tokens.size())
			.stream()
			.anyMatch((token) -> !token.nested() && token.type() == Lexer.Type.WORD && words.contains(token.word()));
	}

	/**
	 * Return where the token ends that was taken last.
	 */
	int end() {
		return (this.position == 0) ? 0 : this.tokens.get(this.position - 1).end();
	}

	/**
	 * Return whether a comment that some server executes begins before what was taken
	 * last.
	 */
	boolean isExecutableComment() {
		return this.executable < end();
	}

	/**
	 * Return a mark to which {@link #back} returns.
	 */
	int mark() {
		return this.position;
	}

	void back(int mark) {
		this.position = mark;
	}

}
