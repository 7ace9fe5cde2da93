package io.github.migrateboot.engine.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.migrateboot.database.TableSize;
import io.github.migrateboot.plan.PlannedTable;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * The tables that pending migrations name: those that exist, and those that one of the
 * migrations creates.
 */
public final class ConcernedTables {

	private final Map<SqlStatement, List<String>> named = new HashMap<>();

	private final Map<String, TableSize> existing = new HashMap<>();

	private final Set<String> created = new HashSet<>();

	private final SqlSyntax syntax;

	private ConcernedTables(SqlSyntax syntax) {
		this.syntax = syntax;
	}

	/**
	 * Find the tables that migrations name.
	 */
	public static ConcernedTables of(SqlSyntax syntax, List<Migration> migrations) {
		ConcernedTables tables = new ConcernedTables(syntax);
		migrations.forEach((migration) -> migration.statements().forEach(tables::read));
		return tables;
	}

	private void read(SqlStatement statement) {
		List<String> tokens = this.syntax.tokens(statement.text());
		this.named.put(statement, TableNames.of(tokens));
		for (String name : new String[] { TableNames.created(tokens), TableNames.renamed(tokens) }) {
			if (name != null) {
				this.created.add(key(name));
			}
		}
	}

	/**
	 * Return the names as they are written.
	 */
	public Set<String> names() {
		Set<String> names = new LinkedHashSet<>();
		this.named.values().forEach(names::addAll);
		return names;
	}

	/**
	 * Note which of them exist.
	 */
	public void lookUp(Collection<TableSize> sizes) {
		sizes.forEach((size) -> this.existing.put(size.written(), size));
	}

	/**
	 * Return the tables that a statement names, as they are written.
	 */
	List<String> named(SqlStatement statement) {
		return this.named.getOrDefault(statement, List.of());
	}

	/**
	 * Return the table of a name that exists, or {@code null}.
	 */
	@Nullable TableSize existing(String written) {
		return this.existing.get(written);
	}

	/**
	 * Return the tables that a migration names, each once.
	 */
	public List<PlannedTable> of(Migration migration) {
		Map<String, PlannedTable> tables = new LinkedHashMap<>();
		for (SqlStatement statement : migration.statements()) {
			for (String written : named(statement)) {
				TableSize size = existing(written);
				if (size != null) {
					tables.putIfAbsent(size.name(), new PlannedTable(size.name(), false, size.rows(), size.bytes(),
							size.indexBytes(), size.totalBytes()));
				}
				else if (this.created.contains(key(written))) {
					tables.putIfAbsent(key(written), new PlannedTable(written, true, null, null, null, null));
				}
			}
		}
		return List.copyOf(tables.values());
	}

	/**
	 * Return by what two names of a new table are known to be the same: the table without
	 * its schema, quotes and capitals.
	 */
	static String key(String written) {
		return written.substring(written.lastIndexOf('.') + 1).replaceAll("[\"`\\[\\]]", "").toLowerCase(Locale.ROOT);
	}

}
