package io.github.migrateboot.script;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Walks over the tokens of a script, all of them: joined they are the script again. What
 * counts as a comment, a quotation or part of a word is the dialect's business.
 */
abstract class Lexer {

	enum Type {

		BLANK, COMMENT, WORD, QUOTED, SYMBOL, DELIMITER,

		/**
		 * The borders of a comment that the server executes: not nothing, but no part of
		 * the grammar either.
		 */
		MARKER

	}

	/**
	 * A quotation or comment that the script does not close.
	 *
	 * @param what what it is, with its article
	 * @param offset where it begins
	 */
	record Unclosed(String what, int offset) {
	}

	protected final String text;

	private String delimiter = ";";

	private Type type = Type.BLANK;

	private int start;

	private int end;

	private @Nullable String word;

	private @Nullable Unclosed unclosed;

	protected Lexer(String text) {
		this.text = text;
	}

	/**
	 * Go to the next token.
	 * @return whether there is one
	 */
	boolean next() {
		this.start = this.end;
		this.word = null;
		if (this.start == this.text.length()) {
			return false;
		}
		this.end = read(this.start);
		return true;
	}

	private int read(int from) {
		if (this.text.startsWith(this.delimiter, from)) {
			this.type = Type.DELIMITER;
			return from + this.delimiter.length();
		}
		if (isBlank(this.text.charAt(from))) {
			this.type = Type.BLANK;
			return blanks(from);
		}
		this.type = Type.MARKER;
		int to = marker(from);
		if (to < 0) {
			this.type = Type.COMMENT;
			to = comment(from);
		}
		if (to < 0) {
			this.type = Type.QUOTED;
			to = quoted(from);
		}
		if (to < 0) {
			to = wordOrSymbol(from);
		}
		return to;
	}

	private int wordOrSymbol(int from) {
		int to = from;
		boolean stopAtDelimiter = hasOwnDelimiter();
		while (to < this.text.length() && isWordPart(this.text.charAt(to))
				&& !(stopAtDelimiter && this.text.startsWith(this.delimiter, to))) {
			to++;
		}
		this.type = (to > from) ? Type.WORD : Type.SYMBOL;
		return Math.max(to, from + 1);
	}

	/**
	 * Where a comment that the server executes begins or ends here, the end of its
	 * border.
	 */
	int marker(int from) {
		return -1;
	}

	/**
	 * Where a comment begins here, its end, else -1.
	 */
	abstract int comment(int from);

	/**
	 * Where a quotation begins here, its end, else -1.
	 */
	abstract int quoted(int from);

	boolean isWordPart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$'
				|| c >= 0x80;
	}

	boolean isBlank(char c) {
		return c == ' ' || (c >= '\t' && c <= '\r');
	}

	/**
	 * A statement that begins with {@code SET} has ended: it may change how the rest is
	 * read.
	 */
	void set(String statement) {
	}

	/**
	 * Return the mode that the session now has, as far as it decides how it reads.
	 */
	String mode() {
		return "";
	}

	/**
	 * Return a lexer of a text that the same session reads next.
	 */
	abstract Lexer on(String next);

	/**
	 * Obey the current token if it begins a command to the client program, and skip the
	 * command.
	 * @return whether it did
	 */
	boolean command() {
		return false;
	}

	/**
	 * Skip the data that a statement reads which the current token, its delimiter, has
	 * ended.
	 * @param start where the statement begins
	 * @return the data, or {@code null} if it reads none
	 */
	@Nullable CopyData data(int start) {
		return null;
	}

	Type type() {
		return this.type;
	}

	int start() {
		return this.start;
	}

	int end() {
		return this.end;
	}

	/**
	 * Return what the script leaves open at its end, or null; known once it has been
	 * reached.
	 */
	@Nullable Unclosed unclosed() {
		return this.unclosed;
	}

	String text() {
		return this.text;
	}

	/**
	 * Return the current token in upper case; a quotation as a single quote.
	 */
	String word() {
		if (this.word == null) {
			this.word = (this.type == Type.QUOTED) ? "'"
					: this.text.substring(this.start, this.end).toUpperCase(Locale.ROOT);
		}
		return this.word;
	}

	boolean hasOwnDelimiter() {
		return !";".equals(this.delimiter);
	}

	protected void setDelimiter(String delimiter, int continueAt) {
		this.delimiter = delimiter;
		continueAt(continueAt);
	}

	protected void continueAt(int position) {
		this.end = position;
	}

	protected char charAt(int position) {
		return (position < this.text.length()) ? this.text.charAt(position) : '\0';
	}

	protected int blanks(int from) {
		int to = from;
		while (to < this.text.length() && isBlank(this.text.charAt(to))) {
			to++;
		}
		return to;
	}

	protected int lineComment(int from) {
		int to = this.text.indexOf('\n', from);
		return (to < 0) ? this.text.length() : to;
	}

	/**
	 * Like {@link #lineComment(int)} where a carriage return alone ends the line too.
	 */
	protected int lineCommentUntilReturn(int from) {
		int to = from;
		while (to < this.text.length() && this.text.charAt(to) != '\n' && this.text.charAt(to) != '\r') {
			to++;
		}
		return to;
	}

	/**
	 * Return the end of a comment in which others may be nested, up to this depth.
	 */
	protected int blockComment(int from, int deepest) {
		int depth = 1;
		int to = from + 2;
		while (to < this.text.length()) {
			if (this.text.startsWith("*/", to)) {
				to += 2;
				if (--depth == 0) {
					return to;
				}
			}
			else if (depth < deepest && this.text.startsWith("/*", to)) {
				to += 2;
				depth++;
			}
			else {
				to++;
			}
		}
		return unclosed("a comment", from);
	}

	/**
	 * Return the end of a quotation in which the closing character is doubled to be
	 * meant.
	 */
	protected int quotation(int from, int contentFrom, char close, boolean backslashEscapes) {
		int to = contentFrom;
		while (to < this.text.length()) {
			char c = this.text.charAt(to++);
			if (c == '\\' && backslashEscapes) {
				to++;
			}
			else if (c == close) {
				if (charAt(to) != close) {
					return to;
				}
				to++;
			}
		}
		return unclosed((close == '\'') ? "a string" : "a quotation", from);
	}

	/**
	 * Return the end of a quotation in which nothing can be escaped.
	 */
	protected int quotationUntil(int from, int contentFrom, String close) {
		int to = this.text.indexOf(close, contentFrom);
		return (to < 0) ? unclosed("a quotation", from) : to + close.length();
	}

	/**
	 * Return the tag of a dollar quotation, dollars included, or null if none begins
	 * here.
	 */
	protected @Nullable String dollarTag(int from) {
		int to = from + 1;
		while (to < this.text.length() && this.text.charAt(to) != '$') {
			char c = this.text.charAt(to);
			if (!isWordPart(c) || (to == from + 1 && c >= '0' && c <= '9')) {
				return null;
			}
			to++;
		}
		return (to < this.text.length()) ? this.text.substring(from, to + 1) : null;
	}

	private int unclosed(String what, int from) {
		this.unclosed = new Unclosed(what, from);
		return this.text.length();
	}

}
