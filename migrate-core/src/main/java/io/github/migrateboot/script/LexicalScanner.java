package io.github.migrateboot.script;

import org.jspecify.annotations.Nullable;

/**
 * Finds where blanks, comments and quotations of a script end, by rules that several
 * dialects share.
 */
abstract class LexicalScanner {

	/**
	 * A quotation or comment that the script does not close.
	 *
	 * @param what what it is, with its article
	 * @param offset where it begins
	 */
	record Unclosed(String what, int offset) {
	}

	protected final String text;

	private @Nullable Unclosed unclosed;

	protected LexicalScanner(String text) {
		this.text = text;
	}

	boolean isWordPart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$'
				|| c >= 0x80;
	}

	boolean isBlank(char c) {
		return c == ' ' || (c >= '\t' && c <= '\r');
	}

	/**
	 * Return what the script leaves open at its end, or null; known once it has been
	 * reached.
	 */
	@Nullable Unclosed unclosed() {
		return this.unclosed;
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
