package io.github.migrateboot.script;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * Tells what a statement leaves in its session, which another session does not have.
 */
public final class SessionEffects {

	private static final Pattern VARIABLE = Pattern.compile("(?<![@\\w.])@(?!@)[\\w$.]+|(?<![@\\w.])@[`'\"][^`'\"]+");

	private static final Pattern ASSIGNMENT = Pattern.compile(":=|\\binto\\s+@", Pattern.CASE_INSENSITIVE);

	private static final Pattern SERVER_WIDE = Pattern.compile(
			"\\b(global|persist|persist_only)\\b|^\\s*set\\s+(password|default|statement|resource)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern LAST_INSERT = Pattern.compile(
			"\\b(last_insert_id|last_insert_rowid|lastval|found_rows|row_count|changes)\\s*\\(|@@identity\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern SET_CONFIG = Pattern.compile(
			"select\\s+(pg_catalog\\s*\\.\\s*)?set_config\\s*\\((?!.*\\bfrom\\b).*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern CALL = Pattern
		.compile("(?<![\\p{L}\\p{N}_$])([\\p{L}_][\\p{L}\\p{N}_$]*+)\"?+\\s*+\\(");

	private static final Set<String> CODE = Set.of("DO", "CALL", "EXECUTE");

	private static final Set<String> PRAGMAS = Set.of("FOREIGN_KEYS", "RECURSIVE_TRIGGERS", "CASE_SENSITIVE_LIKE",
			"LEGACY_ALTER_TABLE", "IGNORE_CHECK_CONSTRAINTS", "WRITABLE_SCHEMA", "SECURE_DELETE", "SYNCHRONOUS",
			"TEMP_STORE", "BUSY_TIMEOUT", "TRUSTED_SCHEMA", "QUERY_ONLY", "CACHE_SIZE", "REVERSE_UNORDERED_SELECTS");

	private final SqlSyntax syntax;

	/**
	 * Create it for one database.
	 * @param syntax the lexical rules of the database
	 */
	public SessionEffects(SqlSyntax syntax) {
		this.syntax = syntax;
	}

	/**
	 * Return whether the statement does nothing but set its session, to what it would set
	 * it to at any time, so that it can be repeated in another one.
	 * @param statement the statement
	 * @return whether it is a setting of the session
	 */
	public boolean isSetting(SqlStatement statement) {
		return switch (this.syntax) {
			case POSTGRESQL -> isPostgresSetting(statement);
			case MYSQL -> statement.startsWith("USE") || isMysqlSet(statement);
			case SQLITE -> isPragma(statement) || statement.startsWith("ATTACH") || statement.startsWith("DETACH");
			case H2 -> statement.startsWith("SET") && statement.kind() != Kind.ORDINARY && !isComputed(statement);
		};
	}

	private static boolean isPostgresSetting(SqlStatement statement) {
		if (statement.startsWith("SET")) {
			return statement.kind() == Kind.DATA && !statement.startsWith("SET", "LOCAL")
					&& !statement.startsWith("SET", "CONSTRAINTS");
		}
		return statement.startsWith("RESET") || SET_CONFIG.matcher(statement.text()).matches();
	}

	private static boolean isMysqlSet(SqlStatement statement) {
		return statement.startsWith("SET") && statement.kind() != Kind.TRANSACTION_SETTING
				&& !SERVER_WIDE.matcher(statement.text()).find() && !isComputed(statement);
	}

	private static boolean isPragma(SqlStatement statement) {
		return PRAGMAS.stream().anyMatch((pragma) -> statement.startsWith("PRAGMA", pragma));
	}

	/**
	 * A variable that is computed may be computed from what has changed since.
	 */
	private static boolean isComputed(SqlStatement statement) {
		return statement.text().contains("(") && VARIABLE.matcher(statement.text()).find();
	}

	/**
	 * Return whether the statement runs code that may set the session to anything, which
	 * does not show in the file.
	 * @param statement the statement
	 * @return whether it does nothing but run code
	 */
	public boolean runsCode(SqlStatement statement) {
		return this.syntax == SqlSyntax.POSTGRESQL && statement.startsWithAny(CODE);
	}

	/**
	 * Return the names of what the statement may call: of functions, but also of tables
	 * and words of SQL before a parenthesis.
	 * @param statement the statement
	 * @return the names in lower case, in order; none of a statement that is known for a
	 * setting of the session
	 */
	public Set<String> calls(SqlStatement statement) {
		Set<String> calls = new LinkedHashSet<>();
		if (this.syntax == SqlSyntax.POSTGRESQL && statement.kind() == Kind.DATA && !isSetting(statement)) {
			Matcher matcher = CALL.matcher(statement.text());
			while (matcher.find()) {
				calls.add(matcher.group(1).toLowerCase(Locale.ROOT));
			}
		}
		return calls;
	}

	/**
	 * Return the user variables that the statement mentions.
	 * @param statement the statement
	 * @return the variables in lower case, each beginning with {@code @}
	 */
	public Set<String> variables(SqlStatement statement) {
		Set<String> variables = new TreeSet<>();
		if (this.syntax == SqlSyntax.MYSQL || this.syntax == SqlSyntax.H2) {
			Matcher matcher = VARIABLE.matcher(statement.text());
			while (matcher.find()) {
				variables.add(matcher.group().replaceAll("[`'\"]", "").toLowerCase(Locale.ROOT));
			}
		}
		return variables;
	}

	/**
	 * Return whether the statement gives the user variables that it mentions values that
	 * it may not give them again.
	 * @param statement the statement
	 * @return whether it computes variables
	 */
	public boolean computesVariables(SqlStatement statement) {
		return (statement.startsWith("SET") && !isSetting(statement)) || statement.startsWith("CALL")
				|| ASSIGNMENT.matcher(statement.text()).find();
	}

	/**
	 * Return whether the statement creates a table that its session alone sees.
	 * @param statement the statement
	 * @return whether it creates a temporary table
	 */
	public boolean createsTemporaryTable(SqlStatement statement) {
		if (!statement.startsWith("CREATE")
				|| statement.startsWith("CREATE", "GLOBAL") && this.syntax == SqlSyntax.H2) {
			return false;
		}
		for (String temporary : new String[] { "TEMPORARY", "TEMP" }) {
			if (statement.startsWith("CREATE", temporary) || statement.startsWith("CREATE", "LOCAL", temporary)
					|| statement.startsWith("CREATE", "GLOBAL", temporary)
					|| statement.startsWith("CREATE", "OR", "REPLACE", temporary)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether the statement asks what an earlier one of the same session has done,
	 * for example for the key that it generated.
	 * @param statement the statement
	 * @return whether it does
	 */
	public boolean asksForLastInsert(SqlStatement statement) {
		return LAST_INSERT.matcher(statement.text()).find();
	}

	/**
	 * Return whether the statement inserts rows.
	 * @param statement the statement
	 * @return whether it does
	 */
	public boolean inserts(SqlStatement statement) {
		return statement.startsWith("INSERT") || statement.startsWith("REPLACE");
	}

}
