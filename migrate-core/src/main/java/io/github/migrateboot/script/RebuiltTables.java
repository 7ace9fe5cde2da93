package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.script.OnlineDdl.Form;

/**
 * The tables that a statement of MySQL or MariaDB may read or write as a whole.
 */
public final class RebuiltTables {

	private static final Set<String> OPTIMIZE_OPTIONS = Set.of("NO_WRITE_TO_BINLOG", "LOCAL");

	private static final Set<String> OPTIMIZED = Set.of("TABLE", "TABLES");

	private RebuiltTables() {
	}

	/**
	 * Return the tables.
	 * @param statement a statement
	 * @param rules how the server reads it
	 * @return the tables; empty if it surely rebuilds none, or it can't be told
	 */
	public static List<DdlTable> of(String statement, SqlRules rules) {
		DdlTokens tokens = new DdlTokens(statement, rules);
		if (tokens.take("OPTIMIZE")) {
			tokens.takeAny(OPTIMIZE_OPTIONS);
			return tokens.takeAny(OPTIMIZED) ? names(tokens) : List.of();
		}
		OnlineDdl ddl = OnlineDdl.of(statement, rules);
		boolean none = ddl.table() == null || ddl.form() == Form.OTHER || ddl.form() == Form.MOMENTARY;
		return none ? List.of() : List.of(ddl.table());
	}

	private static List<DdlTable> names(DdlTokens tokens) {
		List<DdlTable> names = new ArrayList<>();
		do {
			DdlTokens.Name name = tokens.takeName();
			if (name != null) {
				names.add(name.table());
			}
		}
		while (tokens.takeSymbol(","));
		return names;
	}

}
