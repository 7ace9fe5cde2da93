package io.github.migrateboot.safety;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rules about what the release before still uses, which are the same on every database.
 */
final class ContractTextRules {

	private static final Set<String> NO_COLUMN = Set.of("CONSTRAINT", "FOREIGN", "PRIMARY", "INDEX", "KEY", "CHECK",
			"PARTITION", "EXPRESSION", "DEFAULT", "IDENTITY");

	static final List<TextRule> RULES = List.of(
			TextRule.eachTable(Hazard.TABLE_DROPPED, null,
					"Instances of the release before fail as soon as they use the table, and its rows are gone",
					(words) -> words.start("DROP TABLE")),

			TextRule.action(Hazard.COLUMN_DROPPED, null,
					"Instances of the release before fail if they still use the column, and its values are gone",
					(action, statement) -> action.start("DROP") && isColumn(action.without("DROP").without("COLUMN"))),

			TextRule.action(Hazard.COLUMN_RENAMED, null, "Instances of the release before fail, which use the old name",
					(action, statement) -> action.start("RENAME")
							&& action.get(action.tokens().size() - 2).equalsIgnoreCase("TO")
							&& isColumn(action.without("RENAME").without("COLUMN"))),

			TextRule.action(Hazard.TABLE_RENAMED, null, "Instances of the release before fail, which use the old name",
					(action, statement) -> action.start("RENAME TO") || action.start("RENAME AS")
							|| action.start("SET SCHEMA")),

			TextRule.statement(Hazard.TABLE_RENAMED, null,
					"Instances of the release before fail, which use the old name",
					(words) -> words.start("RENAME TABLE")),

			TextRule.action(Hazard.NOT_NULL_WITHOUT_DEFAULT, null,
					"Inserts of the release before fail, which don't name the column",
					(action, statement) -> isAddedColumn(action) && action.outsideParentheses().have("NOT NULL")
							&& !action.have("DEFAULT") && !action.have("GENERATED") && !action.have("AUTO_INCREMENT")
							&& !action.have("SERIAL") && !action.have("BIGSERIAL") && !action.have("IDENTITY")));

	private ContractTextRules() {
	}

	/**
	 * Return whether an action adds a column, and nothing else.
	 */
	static boolean isAddedColumn(Words action) {
		return action.start("ADD COLUMN") || (action.start("ADD") && isColumn(action.after(1))
				&& !Set.of("UNIQUE", "FULLTEXT", "SPATIAL", "EXCLUDE")
					.contains(action.get(1).toUpperCase(Locale.ROOT)));
	}

	private static boolean isColumn(Words words) {
		Words name = words.without("IF EXISTS").without("IF NOT EXISTS");
		String first = name.get(0).toUpperCase(Locale.ROOT);
		return !first.isEmpty() && !NO_COLUMN.contains(first) && !first.equals("TO") && !first.equals("AS");
	}

}
