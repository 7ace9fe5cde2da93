package io.github.migrateboot.script;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Walks over the tokens of a script, all of them: joined they are the script again. What
 * counts as a comment, a quotation or part of a word is the dialect's business.
 */
abstract class Lexer extends LexicalScanner {

	enum Type {

		BLANK, COMMENT, WORD, QUOTED, SYMBOL, DELIMITER,

		/**
		 * The borders of a comment that the server executes: not nothing, but no part of
		 * the grammar either.
		 */
		MARKER

	}

	private String delimiter = ";";

	private Type type = Type.BLANK;

	private int start;

	private int end;

	private @Nullable String word;

	protected Lexer(String text) {
		super(text);
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

}
