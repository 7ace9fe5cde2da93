package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A line by which the author of a file accepts what would be found fault with:
 * {@code -- migrate:allow copy: the table has ten rows}. It is a comment for dbmate.
 *
 * @param line where it stands, from 1
 * @param hazard what is allowed, as it was written, for example {@code copy}
 * @param reason why; empty if none is given, and then nothing is allowed
 */
public record Allowance(int line, String hazard, String reason) {

	private static final String DIRECTIVE = "migrate:allow";

	private static final Pattern LINE = Pattern
		.compile("[ \\t]*--[ \\t]*+migrate:allow(?:[ \\t]++([^\\s:]*+)[ \\t]*+(?::(.*+))?)?+");

	/**
	 * Find the allowances of a file, wherever they stand.
	 */
	static List<Allowance> findAll(String text, LineIndex lines) {
		List<Allowance> found = new ArrayList<>();
		for (int at = text.indexOf(DIRECTIVE); at >= 0; at = text.indexOf(DIRECTIVE, at + 1)) {
			int lineEnd = text.indexOf('\n', at);
			String line = text.substring(lines.startOf(at), (lineEnd < 0) ? text.length() : lineEnd).stripTrailing();
			Matcher matcher = LINE.matcher(line);
			if (matcher.matches()) {
				found.add(new Allowance(lines.lineOf(at), text(matcher.group(1)), text(matcher.group(2))));
			}
		}
		return found;
	}

	private static String text(@Nullable String group) {
		return (group != null) ? group.strip() : "";
	}

}
