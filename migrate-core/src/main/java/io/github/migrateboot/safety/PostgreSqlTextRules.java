package io.github.migrateboot.safety;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rules about statements of PostgreSQL.
 */
final class PostgreSqlTextRules {

	private static final String ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE";

	private static final String NO_ACCESS = "Until it is done nobody can read or write the table, and queries that come meanwhile queue up";

	/** Types to which text grows without a rewrite. */
	private static final Set<String> UNLIMITED = Set.of("TEXT", "VARCHAR");

	private static final Set<String> SERIAL = Set.of("SERIAL", "BIGSERIAL", "SMALLSERIAL");

	private static final Set<String> VOLATILE = Set.of("GEN_RANDOM_UUID", "UUID_GENERATE_V4", "UUIDV4", "UUIDV7",
			"CLOCK_TIMESTAMP", "RANDOM", "NEXTVAL", "TIMEOFDAY");

	static final List<TextRule> RULES = List.of(
			TextRule
				.statement(Hazard.INDEX_BUILD, "SHARE", "Until the index is built nobody can write to the table",
						(words) -> (words.start("CREATE INDEX") || words.start("CREATE UNIQUE INDEX"))
								&& !words.have("CONCURRENTLY") && !words.have("ON ONLY"))
				.instead((match) -> ownFile(insertAfter(match.words(), "INDEX", "CONCURRENTLY"))),

			TextRule
				.action(Hazard.INDEX_BUILD, ACCESS_EXCLUSIVE, "An index is built meanwhile. " + NO_ACCESS,
						(action, statement) -> action.start("ADD") && !action.have("USING INDEX")
								&& (action.outsideParentheses().have("UNIQUE")
										|| action.outsideParentheses().have("PRIMARY KEY")
										|| action.outsideParentheses().have("EXCLUDE")))
				.instead((match) -> ownFile(
						"create unique index concurrently <index> on " + match.table().written() + " (<columns>)")
						+ "\nalter table " + match.table().written()
						+ " add constraint <name> unique using index <index>;"),

			TextRule
				.action(Hazard.SCAN_UNDER_LOCK, "SHARE ROW EXCLUSIVE",
						"Until every row is checked nobody can write to the table, nor to the one that it refers to",
						(action, statement) -> isConstraint(action, "FOREIGN KEY"))
				.instead(PostgreSqlTextRules::validateLater),

			TextRule
				.action(Hazard.SCAN_UNDER_LOCK, ACCESS_EXCLUSIVE, "Every row is checked meanwhile. " + NO_ACCESS,
						(action, statement) -> isConstraint(action, "CHECK"))
				.instead(PostgreSqlTextRules::validateLater),

			TextRule
				.action(Hazard.SCAN_UNDER_LOCK, ACCESS_EXCLUSIVE,
						"Every row is checked meanwhile, unless a valid CHECK constraint already says so. " + NO_ACCESS,
						(action, statement) -> column(action).get(1).equalsIgnoreCase("SET")
								&& column(action).after(1).start("SET NOT NULL") && !statement.prepared())
				.instead((match) -> notNull(match.table().written(), column(match.words()).get(0))),

			TextRule.action(Hazard.REWRITE, ACCESS_EXCLUSIVE,
					"The table is written anew, unless the new type only lets more in. " + NO_ACCESS,
					(action, statement) -> changesType(action)),

			TextRule.action(Hazard.REWRITE, ACCESS_EXCLUSIVE, "The table is written anew. " + NO_ACCESS,
					(action, statement) -> (ContractTextRules.isAddedColumn(action) && needsRewrite(action))
							|| action.start("SET LOGGED") || action.start("SET UNLOGGED")
							|| action.start("SET TABLESPACE")),

			TextRule
				.eachTable(Hazard.REWRITE, ACCESS_EXCLUSIVE, "The table is written anew. " + NO_ACCESS,
						(words) -> words.start("CLUSTER") || (words.start("VACUUM") && words.have("FULL")))
				.instead((match) -> "vacuum " + match.table().written() + ";"),

			TextRule
				.statement(Hazard.REWRITE, ACCESS_EXCLUSIVE, "The view is filled anew. " + NO_ACCESS,
						(words) -> words.start("REFRESH MATERIALIZED VIEW") && !words.have("CONCURRENTLY"))
				.instead((match) -> ownFile(insertAfter(match.words(), "VIEW", "CONCURRENTLY"))),

			TextRule
				.statement(Hazard.INDEX_BUILD, "SHARE", "Until the indexes are built nobody can write to the table",
						(words) -> words.start("REINDEX") && !words.have("CONCURRENTLY"))
				.instead((match) -> ownFile(insertAfter(match.words(), "TABLE", "CONCURRENTLY"))),

			TextRule.eachTable(Hazard.TRUNCATE, ACCESS_EXCLUSIVE,
					"The rows are gone, also for instances of the release before", (words) -> words.start("TRUNCATE")));

	private PostgreSqlTextRules() {
	}

	/**
	 * Return whether an action adds a constraint of a kind that is validated at once.
	 */
	private static boolean isConstraint(Words action, String kind) {
		Words added = action.start("ADD CONSTRAINT") ? action.after(3) : action.without("ADD");
		return action.start("ADD") && added.start(kind) && !action.have("NOT VALID");
	}

	/**
	 * Return what an action says about a column, the column first.
	 */
	private static Words column(Words action) {
		return action.start("ALTER") ? action.after(1).without("COLUMN") : new Words(List.of());
	}

	private static boolean changesType(Words action) {
		Words change = column(action).after(1).without("SET DATA");
		boolean limited = !UNLIMITED.contains(change.get(1).toUpperCase(Locale.ROOT)) || change.get(2).equals("(");
		return change.start("TYPE") && (limited || change.have("USING"));
	}

	private static boolean needsRewrite(Words action) {
		return action.have("STORED") || action.tokens()
			.stream()
			.map((token) -> token.toUpperCase(Locale.ROOT))
			.anyMatch((token) -> SERIAL.contains(token) || (action.have("DEFAULT") && VOLATILE.contains(token)));
	}

	private static String insertAfter(Words words, String word, String inserted) {
		StringBuilder sql = new StringBuilder();
		boolean done = false;
		for (String token : words.tokens()) {
			sql.append((sql.isEmpty() || token.equals(",") || token.equals(")") || token.equals(".")) ? "" : " ")
				.append(token);
			if (!done && token.equalsIgnoreCase(word)) {
				sql.append(' ').append(token.equals(word) ? inserted : inserted.toLowerCase(Locale.ROOT));
				done = true;
			}
		}
		return sql.toString().replace("( ", "(").replace(". ", ".");
	}

	private static String ownFile(String sql) {
		return "-- in a file of its own\n-- migrate:up transaction:false\n" + sql + ";";
	}

	private static String validateLater(TextRule.Match match) {
		String table = match.table().written();
		Words action = match.words();
		String name = action.start("ADD CONSTRAINT") ? action.get(2) : "<name>";
		String added = action.start("ADD CONSTRAINT") ? action.toString()
				: "add constraint <name> " + action.without("ADD");
		return "alter table " + table + " " + added + " not valid;\n-- in a file of its own, after that\nalter table "
				+ table + " validate constraint " + name + ";";
	}

	private static String notNull(String table, String column) {
		String constraint = column.replaceAll("\\W", "") + "_not_null";
		return "alter table " + table + " add constraint " + constraint + " check (" + column
				+ " is not null) not valid;\n-- in a file of its own, after that\nalter table " + table
				+ " validate constraint " + constraint + ";\n-- in a file of its own, after that\nalter table " + table
				+ " alter column " + column + " set not null;\nalter table " + table + " drop constraint " + constraint
				+ ";";
	}

}
