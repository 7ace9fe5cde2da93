package io.github.migrateboot.script;

import org.jspecify.annotations.Nullable;

/**
 * The table that a statement of MySQL or MariaDB creates.
 *
 * @param table the table
 * @param text the table as it is written
 * @param conditional whether it may have been there before
 */
public record CreatedTable(DdlTable table, String text, boolean conditional) {

	/**
	 * Return the table that a statement creates.
	 * @param statement a statement
	 * @param rules how the server reads it
	 * @return the table, or {@code null} if it creates none that others can see
	 */
	public static @Nullable CreatedTable of(String statement, SqlRules rules) {
		DdlTokens tokens = new DdlTokens(statement, rules);
		if (!tokens.take("CREATE")) {
			return null;
		}
		tokens.takeAll("OR", "REPLACE");
		if (!tokens.take("TABLE")) {
			return null;
		}
		boolean conditional = tokens.takeAll("IF", "NOT", "EXISTS");
		DdlTokens.Name name = tokens.takeName();
		return (name != null) ? new CreatedTable(name.table(), name.text(), conditional) : null;
	}

}
