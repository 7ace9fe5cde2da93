package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds what looks like a directive and is none: indented, in the wrong case, behind
 * something else.
 */
final class DirectiveTypos {

	private static final String WORD = "migrate";

	private final String text;

	private final Set<Integer> directives;

	DirectiveTypos(String text, List<Directive> directives) {
		this.text = text;
		this.directives = directives.stream().map(Directive::offset).collect(Collectors.toSet());
	}

	/**
	 * Find them.
	 * @return the offsets of their comment signs
	 */
	List<Integer> find() {
		List<Integer> found = new ArrayList<>();
		for (int i = this.text.indexOf(':'); i >= 0; i = this.text.indexOf(':', i + 1)) {
			int comment = commentBefore(i);
			if (comment >= 0 && !this.directives.contains(comment)) {
				found.add(comment);
			}
		}
		return found;
	}

	/**
	 * Return where the comment sign before {@code migrate} stands, or -1 if this is not
	 * the colon of a directive.
	 */
	private int commentBefore(int colon) {
		if (!isUpOrDown(skipBlanks(colon + 1))) {
			return -1;
		}
		int word = skipBlanksBack(colon) - WORD.length();
		if (word < 0 || !this.text.regionMatches(true, word, WORD, 0, WORD.length())) {
			return -1;
		}
		int comment = skipBlanksBack(word);
		if (comment > 0 && this.text.charAt(comment - 1) == '#') {
			return comment - 1;
		}
		boolean sign = this.text.startsWith("--", comment - 2) || this.text.startsWith("/*", comment - 2)
				|| this.text.startsWith("//", comment - 2);
		return sign ? comment - 2 : -1;
	}

	private boolean isUpOrDown(int from) {
		return this.text.regionMatches(true, from, "up", 0, 2) || this.text.regionMatches(true, from, "down", 0, 4);
	}

	private int skipBlanks(int from) {
		int to = from;
		while (to < this.text.length() && isBlank(this.text.charAt(to))) {
			to++;
		}
		return to;
	}

	private int skipBlanksBack(int from) {
		int to = from;
		while (to > 0 && isBlank(this.text.charAt(to - 1))) {
			to--;
		}
		return to;
	}

	/**
	 * A directive is never broken over lines on purpose, but a no-break space may be
	 * meant as a blank.
	 */
	private static boolean isBlank(char c) {
		return c == '\t' || Character.isSpaceChar(c);
	}

}
