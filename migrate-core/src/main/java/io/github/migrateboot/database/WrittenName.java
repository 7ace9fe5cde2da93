package io.github.migrateboot.database;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a table as it is written in a statement, without its quotes.
 *
 * @param schema the schema, or an empty text if none is written
 * @param name the table
 */
record WrittenName(String schema, String name) {

	private static final Pattern PART = Pattern
		.compile("\"((?:[^\"]|\"\")+)\"|`((?:[^`]|``)+)`|\\[([^\\]]+)\\]|([^.\\s\"`\\[]+)");

	/**
	 * Read a name.
	 * @param written the name as it is written
	 * @param unquoted what the database makes of what stands without quotes
	 */
	static WrittenName of(String written, UnaryOperator<String> unquoted) {
		List<String> parts = new ArrayList<>();
		Matcher matcher = PART.matcher(written);
		while (matcher.find()) {
			parts.add(part(matcher, unquoted));
		}
		return (parts.size() == 2) ? new WrittenName(parts.get(0), parts.get(1))
				: new WrittenName("", String.join(".", parts));
	}

	private static String part(Matcher matcher, UnaryOperator<String> unquoted) {
		if (matcher.group(4) != null) {
			return unquoted.apply(matcher.group(4));
		}
		String[] doubled = { "\"", "`", "" };
		for (int i = 0; i < doubled.length; i++) {
			String quoted = matcher.group(i + 1);
			if (quoted != null) {
				return quoted.replace(doubled[i] + doubled[i], doubled[i]);
			}
		}
		return matcher.group();
	}

}
