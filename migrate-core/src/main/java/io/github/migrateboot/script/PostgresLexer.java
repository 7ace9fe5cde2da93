package io.github.migrateboot.script;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's tokens, with {@code standard_conforming_strings} on; the data of
 * {@code COPY … FROM STDIN}, and the commands to psql between which {@code pg_dump} puts
 * what it writes.
 */
final class PostgresLexer extends Lexer {

	private static final String COPY = "COPY";

	private static final Set<String> CLIENT = Set.of("STDIN", "STDOUT");

	private static final Pattern RESTRICT = Pattern.compile("\\\\(un)?restrict(?=[ \\t\\r\\n]|$)[^\\n]*");

	PostgresLexer(String text) {
		super(text);
	}

	@Override
	Lexer on(String next) {
		return new PostgresLexer(next);
	}

	@Override
	int comment(int from) {
		if (this.text.startsWith("--", from)) {
			return lineCommentUntilReturn(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, Integer.MAX_VALUE) : -1;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"') {
			return quotation(from, from + 1, c, false);
		}
		if ((c == 'E' || c == 'e') && charAt(from + 1) == '\'') {
			return escapeString(from);
		}
		String tag = (c == '$') ? dollarTag(from) : null;
		return (tag != null) ? quotationUntil(from, from + tag.length(), tag) : -1;
	}

	@Override
	boolean command() {
		if (this.text.charAt(start()) != '\\') {
			return false;
		}
		Matcher restrict = RESTRICT.matcher(this.text).region(start(), this.text.length());
		if (restrict.lookingAt()) {
			continueAt(restrict.end());
			return true;
		}
		return false;
	}

	@Override
	@Nullable CopyData data(int start) {
		boolean copy = this.text.regionMatches(true, start, COPY, 0, COPY.length());
		CopyData data = (copy && copiesFromClient(this.text.substring(start, start()))) ? CopyData.at(this.text, end())
				: null;
		if (data != null) {
			continueAt(data.next());
		}
		return data;
	}

	/**
	 * Return whether a statement is {@code COPY} to a table whose data the client sends.
	 */
	static boolean copiesFromClient(String statement) {
		return copies("FROM", statement);
	}

	/**
	 * Return whether a statement is {@code COPY} of a table to the client.
	 */
	static boolean copiesToClient(String statement) {
		return copies("TO", statement);
	}

	private static boolean copies(String way, String statement) {
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

	private int escapeString(int from) {
		int to = quotation(from, from + 2, '\'', true);
		int next = blanks(to);
		// A string goes on in the next line by the rules by which it began.
		while (charAt(next) == '\'' && hasLineBreak(to, next)) {
			to = quotation(next, next + 1, '\'', true);
			next = blanks(to);
		}
		return to;
	}

	private boolean hasLineBreak(int from, int to) {
		String blanks = this.text.substring(from, to);
		return blanks.indexOf('\n') >= 0 || blanks.indexOf('\r') >= 0;
	}

}
