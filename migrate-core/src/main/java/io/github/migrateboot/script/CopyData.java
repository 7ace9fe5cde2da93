package io.github.migrateboot.script;

import org.jspecify.annotations.Nullable;

/**
 * The data of a {@code COPY … FROM STDIN} in the script.
 *
 * @param start where they begin
 * @param end where the line of their end marker begins
 * @param next where the script goes on
 */
record CopyData(int start, int end, int next) {

	/**
	 * Return where the data are that a statement reads: from the line after it to a line
	 * that has only a backslash and a dot.
	 * @param script the script
	 * @param from the offset behind the statement's delimiter
	 * @return the data, or {@code null} if something else stands there or their end is
	 * missing
	 */
	static @Nullable CopyData at(String script, int from) {
		int start = script.indexOf('\n', from) + 1;
		if (start == 0 || !isBlankOrComment(script.substring(from, start))) {
			return null;
		}
		for (int line = start; line < script.length();) {
			int newline = script.indexOf('\n', line);
			int end = (newline < 0) ? script.length() : newline;
			if (isEndMarker(script.substring(line, Math.min(end, line + 4)))) {
				return new CopyData(start, line, end);
			}
			line = end + 1;
		}
		return null;
	}

	private static boolean isBlankOrComment(String rest) {
		String text = rest.strip();
		return text.isEmpty() || text.startsWith("--");
	}

	private static boolean isEndMarker(String line) {
		return line.equals("\\.") || line.equals("\\.\r");
	}

}
