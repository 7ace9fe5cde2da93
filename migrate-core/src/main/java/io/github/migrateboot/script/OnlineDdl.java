package io.github.migrateboot.script;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A statement of MySQL or MariaDB with the request to let others write to the table
 * meanwhile: {@code LOCK=NONE} is put where the grammar has a place for it, and nothing
 * else is changed. The server then does it instantly, or online, or refuses.
 *
 * @param form whether it can be asked for
 * @param table the table, or {@code null} if it is not known
 * @param text the text to send
 */
public record OnlineDdl(Form form, @Nullable DdlTable table, String text) {

	private static final String CLAUSE = "LOCK=NONE";

	/** Of which the last one of a kind wins. */
	private static final Set<String> CLAUSES = Set.of("LOCK", "ALGORITHM");

	private static final Set<String> INDEX_KINDS = Set.of("UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR");

	private static final Set<String> RENAMED_TO = Set.of("TO", "AS");

	private static final Set<String> CHECKS = Set.of("ANALYZE", "CHECK", "OPTIMIZE", "REPAIR");

	private static final Set<String> PARTITION_CHANGES = Set.of("ADD", "DROP", "TRUNCATE", "REORGANIZE", "REBUILD",
			"COALESCE", "EXCHANGE", "CONVERT");

	/**
	 * What can be asked of a statement.
	 */
	public enum Form {

		/**
		 * It is neither {@code ALTER TABLE} nor {@code CREATE INDEX}.
		 */
		OTHER,

		/**
		 * It is over in a moment anyway.
		 */
		MOMENTARY,

		/**
		 * The author has said how it is to be done.
		 */
		DECIDED,

		/**
		 * There is no place for the clause.
		 */
		NO_PLACE,

		/**
		 * The text asks for it.
		 */
		ASKING

	}

	/**
	 * Ask for it.
	 * @param statement a statement, without the delimiter that ends it
	 * @param rules how the server reads it
	 * @return the statement with or without the request
	 */
	public static OnlineDdl of(String statement, SqlRules rules) {
		DdlTokens tokens = new DdlTokens(statement, rules);
		if (tokens.take("ALTER")) {
			return ofAlter(statement, rules, tokens);
		}
		return tokens.take("CREATE") ? ofCreate(statement, tokens) : other(statement);
	}

	private static OnlineDdl other(String statement) {
		return new OnlineDdl(Form.OTHER, null, statement);
	}

	private static OnlineDdl ofAlter(String statement, SqlRules rules, DdlTokens tokens) {
		tokens.take("ONLINE");
		tokens.take("IGNORE");
		if (!tokens.take("TABLE")) {
			return other(statement);
		}
		tokens.takeAll("IF", "EXISTS");
		DdlTokens.Name name = tokens.takeName();
		if (name == null) {
			return new OnlineDdl(Form.NO_PLACE, null, statement);
		}
		if (tokens.take("WAIT")) {
			tokens.takeOne();
		}
		else {
			tokens.take("NOWAIT");
		}
		if (tokens.isAtEnd() || isOnlyRename(tokens) || isMomentary(tokens)) {
			return new OnlineDdl(Form.MOMENTARY, name.table(), statement);
		}
		if (tokens.hasLeft(CLAUSES)) {
			return new OnlineDdl(Form.DECIDED, name.table(), statement);
		}
		boolean noPlace = tokens.isExecutableComment() || (isMariaDb(rules) && changesPartitions(tokens));
		if (noPlace) {
			return new OnlineDdl(Form.NO_PLACE, name.table(), statement);
		}
		int place = tokens.end();
		boolean alone = isPartitioning(tokens);
		return new OnlineDdl(Form.ASKING, name.table(),
				statement.substring(0, place) + " " + CLAUSE + (alone ? " " : ",") + statement.substring(place));
	}

	private static boolean isOnlyRename(DdlTokens tokens) {
		int mark = tokens.mark();
		boolean renames = tokens.take("RENAME");
		tokens.takeAny(RENAMED_TO);
		boolean only = renames && tokens.takeName() != null && tokens.isAtEnd();
		tokens.back(mark);
		return only;
	}

	/**
	 * Return whether it changes metadata only, or nothing at all, and yet would be
	 * refused.
	 */
	private static boolean isMomentary(DdlTokens tokens) {
		int mark = tokens.mark();
		boolean momentary = tokens.takeAll("DISABLE", "KEYS") || tokens.takeAll("ENABLE", "KEYS")
				|| tokens.takeAll("DISCARD", "TABLESPACE") || tokens.takeAll("IMPORT", "TABLESPACE")
				|| (tokens.takeAny(CHECKS) && tokens.take("PARTITION"));
		tokens.back(mark);
		return momentary;
	}

	private static boolean changesPartitions(DdlTokens tokens) {
		int mark = tokens.mark();
		boolean converts = tokens.takeAll("CONVERT", "TABLE");
		boolean changes = converts || (tokens.takeAny(PARTITION_CHANGES) && tokens.take("PARTITION"));
		tokens.back(mark);
		return changes;
	}

	private static boolean isPartitioning(DdlTokens tokens) {
		int mark = tokens.mark();
		boolean partitioning = tokens.takeAll("PARTITION", "BY") || tokens.takeAll("REMOVE", "PARTITIONING");
		tokens.back(mark);
		return partitioning;
	}

	private static boolean isMariaDb(SqlRules rules) {
		return rules.version().toLowerCase(Locale.ROOT).contains("mariadb");
	}

	private static OnlineDdl ofCreate(String statement, DdlTokens tokens) {
		tokens.takeAll("OR", "REPLACE");
		tokens.takeAny(INDEX_KINDS);
		if (!tokens.take("INDEX")) {
			return other(statement);
		}
		DdlTokens.Name name = tokens.takeUntil("ON") ? tokens.takeName() : null;
		if (name == null) {
			return new OnlineDdl(Form.NO_PLACE, null, statement);
		}
		return tokens.hasLeft(CLAUSES) ? new OnlineDdl(Form.DECIDED, name.table(), statement)
				: new OnlineDdl(Form.ASKING, name.table(), statement + "\n" + CLAUSE);
	}

}
