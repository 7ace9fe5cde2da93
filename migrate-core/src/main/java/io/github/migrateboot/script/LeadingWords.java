package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the words with which a statement begins, in any dialect. Comments are skipped,
 * but the content of MySQL's executable ones is read.
 */
final class LeadingWords {

	private final String text;

	private int position;

	LeadingWords(String text) {
		this.text = text;
	}

	/**
	 * Read, once.
	 * @param limit the number of words at most
	 * @return words in upper case and symbols, a character each
	 */
	List<String> read(int limit) {
		List<String> words = new ArrayList<>(limit);
		skip();
		while (words.size() < limit && this.position < this.text.length()) {
			int from = this.position++;
			if (isWordPart(this.text.charAt(from))) {
				while (this.position < this.text.length() && isWordPart(this.text.charAt(this.position))) {
					this.position++;
				}
			}
			words.add(this.text.substring(from, this.position).toUpperCase(Locale.ROOT));
			skip();
		}
		return words;
	}

	private void skip() {
		int from;
		do {
			from = this.position;
			if (at("--") || at("#") || at("//")) {
				int to = this.text.indexOf('\n', from);
				this.position = (to < 0) ? this.text.length() : to;
			}
			else if (at("/*!") || at("/*M!")) {
				this.position = this.text.indexOf('!', from) + 1;
				while (this.position < this.text.length() && Character.isDigit(this.text.charAt(this.position))) {
					this.position++;
				}
			}
			else if (at("/*")) {
				skipComment();
			}
			else if (at("*/")) {
				this.position += 2;
			}
			else if (from < this.text.length() && this.text.charAt(from) <= ' ') {
				this.position++;
			}
		}
		while (this.position > from);
	}

	private void skipComment() {
		int depth = 0;
		do {
			depth += at("/*") ? 1 : at("*/") ? -1 : 0;
			this.position += (at("/*") || at("*/")) ? 2 : 1;
		}
		while (depth > 0 && this.position < this.text.length());
	}

	private boolean at(String prefix) {
		return this.text.startsWith(prefix, this.position);
	}

	private static boolean isWordPart(char c) {
		return c == '_' || c == '$' || Character.isLetterOrDigit(c);
	}

}
