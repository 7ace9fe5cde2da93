package io.github.migrateboot.script;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * {@code COPY} between a table and the client, whose data stand in the script, from the
 * line after the statement to a line that has only a backslash and a dot.
 */
final class PostgresCopy {

	static final String COPY = "COPY";

	private static final Set<String> CLIENT = Set.of("STDIN", "STDOUT");

	private PostgresCopy() {
	}

	static boolean isFromClient(String statement) {
		return leads("FROM", statement);
	}

	static boolean isToClient(String statement) {
		return leads("TO", statement);
	}

	private static boolean leads(String way, String statement) {
		if (!statement.regionMatches(true, 0, COPY, 0, COPY.length())) {
			return false;
		}
		Lexer lexer = new PostgresLexer(statement);
		String previous = "";
		int depth = 0;
		while (lexer.next()) {
			if (lexer.type() == Lexer.Type.BLANK || lexer.type() == Lexer.Type.COMMENT) {
				continue;
			}
			String word = lexer.word();
			if (depth == 0 && way.equals(previous)) {
				return CLIENT.contains(word);
			}
			depth += "(".equals(word) ? 1 : ")".equals(word) ? -1 : 0;
			previous = word;
		}
		return false;
	}

	/**
	 * Return where the data are that a statement reads.
	 * @param script the script
	 * @param from the offset behind the statement's delimiter
	 * @return the data, or {@code null} if something else stands there or their end is
	 * missing
	 */
	static @Nullable Data dataAt(String script, int from) {
		int start = script.indexOf('\n', from) + 1;
		if (start == 0 || !isBlankOrComment(script.substring(from, start))) {
			return null;
		}
		for (int line = start; line < script.length();) {
			int newline = script.indexOf('\n', line);
			int end = (newline < 0) ? script.length() : newline;
			if (isEndMarker(script.substring(line, Math.min(end, line + 4)))) {
				return new Data(start, line, end);
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

	/**
	 * A statement's data in the script.
	 *
	 * @param start where they begin
	 * @param end where the line of their end marker begins
	 * @param next where the script goes on
	 */
	record Data(int start, int end, int next) {
	}

}
