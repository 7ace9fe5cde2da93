package io.github.migrateboot.safety;

import java.util.List;

/**
 * Rules about statements of MySQL and MariaDB, only where the server surely can't do it
 * online. What it makes of a changed column depends on the old one, so nothing is said
 * about that.
 */
final class MySqlTextRules {

	private static final String SHARED = "SHARED";

	private static final String NO_WRITES = "The server copies the table, and until that is done nobody can write to it";

	static final List<TextRule> RULES = List.of(
			TextRule.action(Hazard.COPY, SHARED, NO_WRITES,
					(action, statement) -> !choosesByItself(statement) && (action.start("CONVERT TO CHARACTER SET")
							|| action.start("ORDER BY") || action.have("PARTITION BY") || isStored(action))),

			TextRule.action(Hazard.COPY, SHARED, "Until the index is built nobody can write to the table",
					(action, statement) -> !choosesByItself(statement)
							&& (action.start("ADD FULLTEXT") || action.start("ADD SPATIAL"))),

			TextRule.statement(Hazard.COPY, SHARED, "Until the index is built nobody can write to the table",
					(words) -> words.start("CREATE FULLTEXT INDEX") || words.start("CREATE SPATIAL INDEX")),

			TextRule
				.action(Hazard.COPY, SHARED, NO_WRITES,
						(action, statement) -> !choosesByItself(statement) && !statement.prepared()
								&& isConstraint(action, "FOREIGN KEY"))
				.instead((match) -> "-- after a query for rows that refer to nothing\n"
						+ "set foreign_key_checks = 0;\nalter table " + match.table().written() + " " + match.words()
						+ ";\nset foreign_key_checks = 1;"),

			TextRule.action(Hazard.COPY, SHARED, NO_WRITES,
					(action, statement) -> !choosesByItself(statement) && isConstraint(action, "CHECK")),

			TextRule.action(Hazard.COPY, SHARED, NO_WRITES,
					(action, statement) -> !choosesByItself(statement) && action.start("DROP PRIMARY KEY")
							&& !statement.words().have("ADD PRIMARY KEY")),

			TextRule.action(Hazard.COLUMN_RENAMED, null, "Instances of the release before fail, which use the old name",
					(action, statement) -> action.start("CHANGE") && !action.without("CHANGE")
						.without("COLUMN")
						.get(0)
						.equalsIgnoreCase(action.without("CHANGE").without("COLUMN").get(1))),

			TextRule.eachTable(Hazard.REWRITE, "EXCLUSIVE",
					"The table is rebuilt. Others can use it until the end, which waits for every open transaction on it"
							+ " while new ones queue up; replicas lag meanwhile",
					(words) -> words.start("OPTIMIZE")),

			TextRule.eachTable(Hazard.TRUNCATE, "EXCLUSIVE",
					"The rows are gone, also for instances of the release before", (words) -> words.start("TRUNCATE")));

	private MySqlTextRules() {
	}

	/**
	 * Return whether the statement says how it is to be done, so that the server refuses
	 * what it can't do in that way.
	 */
	private static boolean choosesByItself(PendingStatement statement) {
		return statement.words().have("LOCK") || statement.words().have("ALGORITHM");
	}

	private static boolean isStored(Words action) {
		return ContractTextRules.isAddedColumn(action) && (action.have("STORED") || action.have("PERSISTENT"))
				&& action.have("AS (");
	}

	private static boolean isConstraint(Words action, String kind) {
		Words added = action.start("ADD CONSTRAINT") ? action.after(2) : action.without("ADD");
		return action.start("ADD") && (added.start(kind) || added.after(1).start(kind));
	}

}
