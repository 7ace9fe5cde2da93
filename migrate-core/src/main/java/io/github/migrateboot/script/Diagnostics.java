package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * Tells which statements of a section ask their session what the one before them has
 * done, or are set up by it, so that the answer would be another one if anything ran in
 * between.
 */
public final class Diagnostics {

	/** Also where they are not to be found as words: in bodies, and in prepared text. */
	private static final Pattern MENTION = Pattern.compile(
			"\\b(row_count|found_rows|rowcount|error_count|warning_count|diagnostics|changes|total_changes)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Set<String> MYSQL = Set.of("ROW_COUNT", "FOUND_ROWS", "ROWCOUNT", "ERROR_COUNT",
			"WARNING_COUNT", "DIAGNOSTICS");

	private static final Set<String> MYSQL_SHOW = Set.of("WARNINGS", "ERRORS");

	/** What the next transaction is to be like, whatever it does. */
	private static final Set<String> MYSQL_NEXT = Set.of("TRANSACTION", "TRANSACTION_ISOLATION",
			"TRANSACTION_READ_ONLY", "TX_ISOLATION", "TX_READ_ONLY", "GTID_NEXT");

	private static final Set<String> MYSQL_CALLS = Set.of("CALL", "EXECUTE");

	private static final Set<String> MYSQL_CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "SELECT",
			"WITH");

	private static final Set<String> CHANGES = Set.of("CHANGES", "TOTAL_CHANGES");

	private final SqlSyntax syntax;

	private final List<SqlStatement> statements;

	/**
	 * Create it for the statements of one section.
	 * @param syntax the syntax
	 * @param statements the statements, in order
	 */
	public Diagnostics(SqlSyntax syntax, List<SqlStatement> statements) {
		this.syntax = syntax;
		this.statements = List.copyOf(statements);
	}

	/**
	 * Return which statements nothing may run before.
	 * @return for each statement whether it has to follow the one before it at once
	 */
	public List<Boolean> joined() {
		boolean[] joined = new boolean[this.statements.size()];
		Set<String> routines = new HashSet<>();
		boolean mentioned = false;
		for (int i = 0; i < joined.length; i++) {
			SqlStatement statement = this.statements.get(i);
			if (asks(statement) || (mentioned && asksHidden(statement, routines))
					|| (i > 0 && mayAsk(statement, this.statements.get(i - 1)))) {
				joinBackwards(joined, i);
			}
			if (i > 0 && this.syntax == SqlSyntax.MYSQL && prepares(joined, i - 1)) {
				joined[i] = true;
			}
			if (MENTION.matcher(statement.text()).find()) {
				mentioned = true;
				addRoutine(statement, routines);
			}
		}
		joinCounted(joined);
		List<Boolean> result = new ArrayList<>();
		for (boolean one : joined) {
			result.add(one);
		}
		return result;
	}

	/**
	 * Join a statement to the last one that may have done what is asked for. Settings in
	 * between leave some of it alone, and only a query changes what a query has found.
	 */
	private void joinBackwards(boolean[] joined, int index) {
		boolean found = this.syntax.hasWord(this.statements.get(index).text(), "FOUND_ROWS");
		int i = index;
		while (i > 0) {
			joined[i--] = true;
			SqlStatement statement = this.statements.get(i);
			if (!isSet(statement) && !(found && statement.kind() == Kind.ORDINARY)) {
				return;
			}
		}
	}

	private boolean asks(SqlStatement statement) {
		return switch (this.syntax) {
			case MYSQL -> this.syntax.hasAnyWord(statement.text(), MYSQL)
					|| (statement.startsWith("SHOW") && this.syntax.hasAnyWord(statement.text(), MYSQL_SHOW));
			case SQLITE -> this.syntax.hasAnyWord(statement.text(), CHANGES);
			case POSTGRESQL, H2 -> false;
		};
	}

	private boolean asksHidden(SqlStatement statement, Set<String> routines) {
		return this.syntax == SqlSyntax.MYSQL && (statement.startsWithAny(MYSQL_CALLS)
				|| (!routines.isEmpty() && this.syntax.hasAnyWord(statement.text(), routines)));
	}

	/**
	 * Whoever has written the routine.
	 */
	private boolean mayAsk(SqlStatement statement, SqlStatement before) {
		return this.syntax == SqlSyntax.MYSQL && statement.startsWithAny(MYSQL_CALLS)
				&& before.startsWithAny(MYSQL_CHANGES);
	}

	private void addRoutine(SqlStatement statement, Set<String> routines) {
		if (this.syntax == SqlSyntax.MYSQL && statement.startsWith("CREATE")) {
			routines.addAll(this.syntax.wordsAfter(statement.text(), Set.of("FUNCTION")));
		}
	}

	/**
	 * Return whether a statement says what the next transaction is to be like, or is a
	 * setting that follows such a one.
	 */
	private boolean prepares(boolean[] joined, int index) {
		SqlStatement statement = this.statements.get(index);
		return isSet(statement) && (isAboutTransactions(this.syntax, statement)
				|| (joined[index] && index > 0 && prepares(joined, index - 1)));
	}

	/**
	 * Return whether a statement sets what transactions are to be like.
	 * @param syntax the syntax
	 * @param statement the statement
	 * @return whether it does
	 */
	public static boolean isAboutTransactions(SqlSyntax syntax, SqlStatement statement) {
		return syntax == SqlSyntax.MYSQL && isSet(statement) && syntax.hasAnyWord(statement.text(), MYSQL_NEXT);
	}

	private static boolean isSet(SqlStatement statement) {
		return statement.startsWith("SET") && statement.kind() != Kind.TRANSACTION_CONTROL;
	}

	/**
	 * A count of all changes of the session is asked for to be compared with another one.
	 */
	private void joinCounted(boolean[] joined) {
		if (this.syntax != SqlSyntax.SQLITE) {
			return;
		}
		int first = -1;
		for (int i = 0; i < joined.length; i++) {
			if (this.syntax.hasWord(this.statements.get(i).text(), "TOTAL_CHANGES")) {
				for (int j = first + 1; first >= 0 && j <= i; j++) {
					joined[j] = true;
				}
				first = i;
			}
		}
	}

}
