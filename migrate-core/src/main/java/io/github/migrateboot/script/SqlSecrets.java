package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks the literals of SQL that carries credentials, in the SQL itself and in what a
 * server says about it. Whether it does is told by words, of whatever database; a literal
 * too many is masked rather than one too few.
 */
public final class SqlSecrets {

	private static final String MASK = "***";

	private static final Pattern CARRIES = Pattern
		.compile("passw|passphrase|\\bpwd\\b|identified\\s+(by|with|via|as)\\b|user\\s+mapping|(create|alter)\\s+server"
				+ "|subscription|conninfo|replication\\s+source|change\\s+master|pragma\\s+\\S*key|\\battach\\b.*\\bkey\\b"
				+ "|\\bkey\\s*=|secret|token\\b|credential|dblink|linked\\s+table|\\bcipher\\b|crypt|\\bhmac\\b"
				+ "|\\b(salt|hash)\\s+['xX]|(api|access|private)[_ ]?key|\\bjwt|\\bprogram\\b|://\\S+@",
				Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** Servers say "password" also where they quote no SQL. */
	private static final Pattern SQL = Pattern.compile(
			"\\b(create|alter|set|grant|change|start|clone|pragma|attach|insert|update|select|values|execute|copy|do|call"
					+ "|runscript|script)\\b",
			Pattern.CASE_INSENSITIVE);

	/** Where quotes may not be what they look like. */
	private static final Pattern UNSURE = Pattern.compile("\\\\|--|/\\*|#");

	// MySQL's strings may stand in double quotes, others' names do.
	private static final Pattern DOUBLE_QUOTED = Pattern.compile(
			"((?:\\b(?:by|as|password|using|key|replace|to)|[=(,])\\s*)\"(?:[^\"\\\\]|\"\"|\\\\.)*+\"?",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	// Without quotes it is an error, whose text is printed all the same.
	private static final Pattern BARE = Pattern.compile(
			"(\\b(?:role|user|group)\\b.*?\\b(?:password|identified\\s+by)\\s+)(?!(?:null|expire|history|reuse|require"
					+ "|interval|default|by|for|random)\\b)([^\\s'\"$(*,;]+)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	// What PostgreSQL says in a DETAIL.
	private static final Pattern KEY_VALUES = Pattern.compile("\\)=\\([^\\n]*\\)");

	private static final Pattern NEAR = Pattern.compile("\\bnear\\s+('.*'|\".*\")", Pattern.DOTALL);

	/** What is shorter would mask parts of words. */
	private static final int SHORTEST_VALUE = 3;

	private SqlSecrets() {
	}

	/**
	 * Mask what may be a credential in some SQL, or in a text that quotes SQL.
	 * @param text the text
	 * @return the text, with the values of literals masked if it carries credentials
	 */
	public static String mask(String text) {
		if (!carries(text)) {
			return text;
		}
		String masked = KEY_VALUES.matcher(text).replaceAll(")=(" + MASK + ")");
		if (!SQL.matcher(text).find()) {
			return masked;
		}
		masked = BARE.matcher(masked).replaceAll("$1" + MASK);
		masked = DOUBLE_QUOTED.matcher(masked).replaceAll("$1\"" + MASK + "\"");
		return UNSURE.matcher(text).find() ? maskFromFirstToLast(masked) : maskEach(masked);
	}

	/**
	 * Mask what may be a credential in what a server says about a statement.
	 * @param message what it says
	 * @param sql the statement
	 * @return the message, without the values of the statement's literals if the
	 * statement carries credentials
	 */
	public static String mask(String message, String sql) {
		if (!carries(sql)) {
			return mask(message);
		}
		String masked = message;
		for (String value : values(sql)) {
			masked = masked.replace(value, MASK);
		}
		masked = NEAR.matcher(masked).replaceAll("near '" + MASK + "'");
		return mask(masked);
	}

	private static boolean carries(String text) {
		return CARRIES.matcher(text).find();
	}

	private static String maskEach(String text) {
		StringBuilder masked = new StringBuilder();
		int position = 0;
		while (true) {
			int from = text.indexOf('\'', position);
			if (from < 0) {
				return masked.append(text, position, text.length()).toString();
			}
			int to = endOfLiteral(text, from);
			masked.append(text, position, from + 1).append(MASK);
			if (to < text.length()) {
				masked.append('\'');
			}
			position = Math.min(to + 1, text.length());
		}
	}

	private static int endOfLiteral(String text, int from) {
		int to = text.indexOf('\'', from + 1);
		while (to >= 0 && text.startsWith("''", to)) {
			to = text.indexOf('\'', to + 2);
		}
		return (to < 0) ? text.length() : to;
	}

	private static String maskFromFirstToLast(String text) {
		int from = text.indexOf('\'');
		int to = text.lastIndexOf('\'');
		if (from < 0) {
			return text;
		}
		return text.substring(0, from + 1) + MASK + ((to > from) ? text.substring(to) : "");
	}

	/**
	 * Return the values of literals, as they are written and as they are meant, the
	 * longest first.
	 */
	private static List<String> values(String sql) {
		List<String> values = new ArrayList<>();
		for (char quote : new char[] { '\'', '"' }) {
			for (String piece : sql.split(String.valueOf(quote) + "+")) {
				add(values, piece);
			}
			int from = sql.indexOf(quote);
			while (quote == '\'' && from >= 0) {
				int to = endOfLiteral(sql, from);
				String value = sql.substring(Math.min(from + 1, sql.length()), to);
				add(values, value);
				add(values, value.replace("''", "'"));
				add(values, value.replaceAll("\\\\(.)", "$1"));
				from = sql.indexOf(quote, Math.min(to + 1, sql.length()));
			}
		}
		Matcher bare = BARE.matcher(sql);
		while (bare.find()) {
			add(values, bare.group(2));
		}
		values.sort(Comparator.comparing(String::length).reversed());
		return values;
	}

	private static void add(List<String> values, String value) {
		// Pieces between literals are not values, but nor do they matter.
		if (value.strip().length() >= SHORTEST_VALUE && !value.isBlank()) {
			values.add(value);
		}
	}

}
