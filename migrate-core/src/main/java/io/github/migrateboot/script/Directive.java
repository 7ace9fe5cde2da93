package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A line that begins a block.
 *
 * @param offset where it begins
 * @param up whether it is {@code migrate:up}, not {@code migrate:down}
 * @param options the words on its line behind the directive
 */
record Directive(int offset, boolean up, List<String> options) {

	/**
	 * Return dbmate's answer: of all pairs the last one for {@code transaction} counts,
	 * and only {@code false} means no.
	 * @return whether the block wants a transaction
	 */
	boolean isTransactional() {
		String value = "";
		for (String option : this.options) {
			int colon = option.indexOf(':');
			if (colon >= 0 && colon == option.lastIndexOf(':') && option.startsWith("transaction:")) {
				value = option.substring(colon + 1);
			}
		}
		return !"false".equals(value);
	}

	String name() {
		return this.up ? "-- migrate:up" : "-- migrate:down";
	}

	/**
	 * Find all directives, as dbmate's
	 * <code>(?m)^--\s*migrate:(up|down)(\s*$|\s+\S+)</code> does. A blank is one of Go's
	 * <code>\s</code> and may be a line feed.
	 */
	static List<Directive> findAll(String text) {
		List<Directive> directives = new ArrayList<>();
		int lineStart = 0;
		do {
			Directive directive = at(text, lineStart);
			if (directive != null) {
				directives.add(directive);
			}
			lineStart = text.indexOf('\n', lineStart) + 1;
		}
		while (lineStart > 0);
		return directives;
	}

	private static @Nullable Directive at(String text, int from) {
		if (!text.startsWith("--", from)) {
			return null;
		}
		int word = from + 2;
		while (word < text.length() && isBlank(text.charAt(word))) {
			word++;
		}
		boolean up = text.startsWith("migrate:up", word);
		if (!up && !text.startsWith("migrate:down", word)) {
			return null;
		}
		int end = word + (up ? "migrate:up".length() : "migrate:down".length());
		if (end < text.length() && !isBlank(text.charAt(end))) {
			return null;
		}
		return new Directive(from, up, options(text, from, end));
	}

	/**
	 * dbmate reads options from the block's first line only, which is not the directive's
	 * if a line feed stands before {@code migrate:}.
	 */
	private static List<String> options(String text, int from, int end) {
		int lineEnd = text.indexOf('\n', from);
		lineEnd = (lineEnd < 0) ? text.length() : lineEnd;
		return (lineEnd < end) ? List.of() : words(trim(text.substring(end, lineEnd)));
	}

	private static List<String> words(String line) {
		List<String> words = new ArrayList<>();
		int start = 0;
		for (int i = 0; i <= line.length(); i++) {
			if (i == line.length() || isBlank(line.charAt(i))) {
				if (i > start) {
					words.add(line.substring(start, i));
				}
				start = i + 1;
			}
		}
		return words;
	}

	/**
	 * Go's {@code strings.TrimSpace}, which takes off more than <code>\s</code> matches.
	 */
	private static String trim(String line) {
		int start = 0;
		int end = line.length();
		while (start < end && isUnicodeSpace(line.charAt(start))) {
			start++;
		}
		while (end > start && isUnicodeSpace(line.charAt(end - 1))) {
			end--;
		}
		return line.substring(start, end);
	}

	private static boolean isUnicodeSpace(char c) {
		return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
	}

	/**
	 * Go's <code>\s</code>.
	 */
	static boolean isBlank(char c) {
		return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
	}

}
