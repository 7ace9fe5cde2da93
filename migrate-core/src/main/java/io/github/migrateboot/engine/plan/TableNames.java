package io.github.migrateboot.engine.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The tables that a statement names, found by the words before them. A name too many is
 * harmless, because only tables that exist count.
 */
final class TableNames {

	private static final Set<String> BEFORE = Set.of("TABLE", "INTO", "FROM", "JOIN", "REFERENCES", "OF", "PARTITION",
			"VIEW");

	/** Only as the first word of a statement. */
	private static final Set<String> FIRST = Set.of("UPDATE", "TRUNCATE", "VACUUM", "CLUSTER", "ANALYZE", "LOCK",
			"COPY", "INSERT", "REPLACE", "DELETE", "OPTIMIZE");

	/** Behind ON, which is everywhere else, the table of these is named. */
	private static final Set<String> ON_TABLE = Set.of("INDEX", "TRIGGER", "POLICY", "RULE", "STATISTICS");

	private static final Set<String> BETWEEN = Set.of("IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "FULL", "FREEZE",
			"VERBOSE", "ANALYZE", "TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG", "LOW_PRIORITY", "DELAYED", "IGNORE",
			"QUICK", "INTO", "FROM", "DATA", "OR", "ROLLBACK", "ABORT", "FAIL", "OVERWRITE");

	private final List<String> tokens;

	private final Set<String> names = new LinkedHashSet<>();

	private TableNames(List<String> tokens) {
		this.tokens = tokens;
	}

	/**
	 * Find the names in a statement.
	 * @param tokens the words, quoted texts and symbols of the statement
	 * @return the names as they are written, in order
	 */
	static List<String> of(List<String> tokens) {
		return List.copyOf(new TableNames(tokens).find());
	}

	/**
	 * Return the table that a statement creates, as it is written, or {@code null} if it
	 * creates none.
	 * @param tokens the words, quoted texts and symbols of the statement
	 */
	static @Nullable String created(List<String> tokens) {
		TableNames names = new TableNames(tokens);
		if (!names.word(0).equals("CREATE")) {
			return null;
		}
		for (int i = 1; i < Math.min(tokens.size(), 5); i++) {
			if (names.word(i).equals("TABLE") || names.word(i).equals("VIEW")) {
				return names.name(names.behind(i));
			}
		}
		return null;
	}

	/**
	 * Return the new name of the table that a statement renames, as it is written, or
	 * {@code null} if it renames none.
	 * @param tokens the words, quoted texts and symbols of the statement
	 */
	static @Nullable String renamed(List<String> tokens) {
		TableNames names = new TableNames(tokens);
		boolean alters = names.word(0).equals("ALTER") && names.word(1).equals("TABLE");
		for (int i = 2; alters && i < tokens.size() - 1; i++) {
			if (names.word(i).equals("RENAME") && (names.word(i + 1).equals("TO") || names.word(i + 1).equals("AS"))) {
				return names.name(i + 2);
			}
		}
		return null;
	}

	private Set<String> find() {
		if (FIRST.contains(word(0))) {
			addList(behind(0));
		}
		boolean onTable = word(0).equals("CREATE") || word(0).equals("DROP");
		boolean behindKind = false;
		for (int i = 0; i < this.tokens.size(); i++) {
			behindKind |= onTable && i < 6 && ON_TABLE.contains(word(i));
			if (BEFORE.contains(word(i)) || (behindKind && word(i).equals("ON"))) {
				addList(behind(i));
			}
		}
		if (word(0).equals("RENAME")) {
			for (int i = 0; i < this.tokens.size(); i++) {
				if (this.tokens.get(i).equals(",")) {
					addList(i + 1);
				}
			}
		}
		return this.names;
	}

	private void addList(int from) {
		int at = from;
		while (true) {
			String name = name(at);
			if (name == null) {
				return;
			}
			this.names.add(name);
			at = end(at);
			if (at >= this.tokens.size() || !this.tokens.get(at).equals(",")) {
				return;
			}
			at++;
		}
	}

	/**
	 * Return where the first word behind another one is that belongs to no option.
	 */
	private int behind(int index) {
		int at = index + 1;
		while (at < this.tokens.size()) {
			if (this.tokens.get(at).equals("(") && index == 0) {
				at = behindParentheses(at);
			}
			else if (BETWEEN.contains(word(at))) {
				at++;
			}
			else {
				return at;
			}
		}
		return at;
	}

	private int behindParentheses(int open) {
		int depth = 0;
		for (int at = open; at < this.tokens.size(); at++) {
			depth += this.tokens.get(at).equals("(") ? 1 : this.tokens.get(at).equals(")") ? -1 : 0;
			if (depth == 0) {
				return at + 1;
			}
		}
		return this.tokens.size();
	}

	private @Nullable String name(int from) {
		if (!isName(from)) {
			return null;
		}
		return String.join("", this.tokens.subList(from, end(from)));
	}

	private int end(int from) {
		int end = from + 1;
		while (end + 1 < this.tokens.size() && this.tokens.get(end).equals(".") && isName(end + 1)) {
			end += 2;
		}
		return end;
	}

	private boolean isName(int index) {
		if (index >= this.tokens.size()) {
			return false;
		}
		char first = this.tokens.get(index).charAt(0);
		return Character.isLetter(first) || first == '_' || first == '"' || first == '`' || first == '[';
	}

	private String word(int index) {
		return (index < this.tokens.size()) ? this.tokens.get(index).toUpperCase(Locale.ROOT) : "";
	}

}
