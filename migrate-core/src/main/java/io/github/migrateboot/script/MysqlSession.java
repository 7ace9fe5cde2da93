package io.github.migrateboot.script;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides how a session of MySQL or MariaDB reads a script: the server's version,
 * and {@code sql_mode}, which the script may change.
 */
final class MysqlSession {

	private static final String ANSI_QUOTES = "ANSI_QUOTES";

	private static final String NO_BACKSLASH_ESCAPES = "NO_BACKSLASH_ESCAPES";

	private static final String MSSQL = "MSSQL";

	/** The modes that decide what a quotation is, as bits and what they contain. */
	private static final Map<String, Integer> MODES = Map.of(ANSI_QUOTES, 4, "POSTGRESQL", 256, "ORACLE", 512, MSSQL,
			1024, "DB2", 2048, "MAXDB", 4096, "ANSI", 262_144, NO_BACKSLASH_ESCAPES, 1_048_576);

	private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?(\\d{1,3})\\.(\\d{1,2})(?:\\.(\\d{1,2}))?.*",
			Pattern.DOTALL);

	/** An executable comment with such a version is meant not to be executed. */
	private static final int NEVER = 990_000;

	/** What MariaDB leaves to MySQL, whose versions these are. */
	private static final int MYSQL_FROM = 50_700;

	private static final int MYSQL_TO = 99_999;

	private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

	private final int version;

	private final boolean knowsMysql;

	private final boolean knowsMariaDb;

	private final Set<String> first;

	private final Map<String, Set<String>> variables = new HashMap<>();

	private Set<String> modes;

	private Set<String> global;

	/**
	 * Create a session.
	 * @param version the server's version as it gives it, empty if it is not known
	 * @param mode its {@code sql_mode}
	 * @param globalMode the server's {@code sql_mode}
	 */
	MysqlSession(String version, String mode, String globalMode) {
		Matcher matcher = VERSION.matcher(version);
		this.version = matcher.matches() ? number(matcher) : NEVER;
		boolean mariaDb = version.toLowerCase(Locale.ROOT).contains("mariadb");
		this.knowsMysql = !mariaDb;
		this.knowsMariaDb = mariaDb || version.isEmpty();
		this.modes = modes(mode);
		this.first = this.modes;
		this.global = modes(globalMode);
	}

	private static int number(Matcher version) {
		String patch = version.group(3);
		return Integer.parseInt(version.group(1)) * 10_000 + Integer.parseInt(version.group(2)) * 100
				+ ((patch != null) ? Integer.parseInt(patch) : 0);
	}

	/**
	 * Return whether an executable comment is executed.
	 * @param ofMariaDb whether it says that it is for MariaDB only
	 * @param from the version from which it is executed
	 */
	boolean executes(boolean ofMariaDb, int from) {
		if (from > this.version || (ofMariaDb && !this.knowsMariaDb)) {
			return false;
		}
		return ofMariaDb || this.knowsMysql || from < MYSQL_FROM || from > MYSQL_TO;
	}

	String mode() {
		return String.join(",", this.modes);
	}

	boolean hasAnsiQuotes() {
		return this.modes.contains(ANSI_QUOTES);
	}

	/**
	 * Whether square brackets quote a name, which only MariaDB knows.
	 */
	boolean hasBrackets() {
		return this.modes.contains(MSSQL);
	}

	boolean hasBackslashEscapes() {
		return !this.modes.contains(NO_BACKSLASH_ESCAPES);
	}

	/**
	 * The session's mode is set.
	 * @param value the tokens of the value
	 */
	void setMode(Iterable<String> value) {
		this.modes = evaluate(value);
	}

	/**
	 * The server's mode is set, which is this session's default too.
	 * @param value the tokens of the value
	 */
	void setGlobalMode(Iterable<String> value) {
		this.global = evaluate(value);
	}

	/**
	 * A user variable is set, perhaps to a mode.
	 * @param name its name in upper case
	 * @param value the tokens of the value
	 */
	void setVariable(String name, Iterable<String> value) {
		this.variables.put(name, evaluate(value));
	}

	/**
	 * Evaluate an expression as far as scripts write them: a mode, what was kept in a
	 * variable, and the present mode with something added or removed.
	 */
	private Set<String> evaluate(Iterable<String> value) {
		Set<String> result = new TreeSet<>();
		boolean removes = false;
		String previous = "";
		String beforePrevious = "";
		String scope = "";
		for (String token : value) {
			boolean system = "@".equals(previous) && "@".equals(beforePrevious);
			if ("DEFAULT".equals(token) || ("SQL_MODE".equals(token) && "GLOBAL".equals(scope))) {
				result.addAll(this.global);
			}
			else if ("SQL_MODE".equals(token)) {
				result.addAll(this.modes);
			}
			else if (system) {
				scope = token;
			}
			else if ("@".equals(previous)) {
				// What was not set here was probably kept before.
				result.addAll(this.variables.getOrDefault(token, this.first));
			}
			else if ("REPLACE".equals(token) || "REGEXP_REPLACE".equals(token) || "LIST_DROP".equals(token)) {
				removes = true;
			}
			else if (removes) {
				result.removeAll(modes(token));
			}
			else {
				result.addAll(modes(token));
			}
			beforePrevious = previous;
			previous = token;
		}
		return result;
	}

	private static Set<String> modes(String list) {
		Set<String> modes = new TreeSet<>();
		for (String mode : list.toUpperCase(Locale.ROOT).split("[,'\"\\s]+")) {
			int bits = NUMBER.matcher(mode).matches() ? Long.valueOf(mode).intValue() : MODES.getOrDefault(mode, 0);
			MODES.forEach((name, bit) -> {
				if ((bits & bit) != 0) {
					// All but one mean these quotes too.
					modes.add(NO_BACKSLASH_ESCAPES.equals(name) ? name : ANSI_QUOTES);
				}
			});
			if ((bits & MODES.getOrDefault(MSSQL, 0)) != 0) {
				modes.add(MSSQL);
			}
		}
		return modes;
	}

}
