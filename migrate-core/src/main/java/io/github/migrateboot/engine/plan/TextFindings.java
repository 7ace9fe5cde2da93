package io.github.migrateboot.engine.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.database.TableSize;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.PendingStatement;
import io.github.migrateboot.safety.PendingStatement.NamedTable;
import io.github.migrateboot.safety.TextRule;
import io.github.migrateboot.safety.Words;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules that conclude from words to one pending migration after the other. A
 * table that an earlier one has made is used by nobody.
 */
public final class TextFindings {

	private final List<TextRule> rules;

	private final SqlSyntax syntax;

	private final ConcernedTables tables;

	private final Set<String> made = new HashSet<>();

	private final Set<String> validated = new HashSet<>();

	private boolean unchecked;

	/**
	 * Create the findings.
	 * @param rules the rules for the database
	 * @param syntax how statements are read
	 * @param tables the tables that the migrations name
	 */
	public TextFindings(List<TextRule> rules, SqlSyntax syntax, ConcernedTables tables) {
		this.rules = rules;
		this.syntax = syntax;
		this.tables = tables;
	}

	/**
	 * Look at the next migration.
	 */
	public List<Finding> next(Migration migration) {
		List<Finding> findings = new ArrayList<>();
		Set<String> replaced = new HashSet<>();
		List<List<String>> tokens = migration.statements()
			.stream()
			.map((statement) -> this.syntax.tokens(statement.text()))
			.toList();
		tokens.forEach((statement) -> add(replaced, TableNames.renamed(statement)));
		this.unchecked = false;
		for (int i = 0; i < tokens.size(); i++) {
			SqlStatement statement = migration.statements().get(i);
			PendingStatement pending = pending(migration, statement, new Words(tokens.get(i)), replaced);
			this.rules.forEach((rule) -> findings.addAll(rule.look(pending)));
			after(pending, tokens.get(i));
		}
		return findings;
	}

	private PendingStatement pending(Migration migration, SqlStatement statement, Words words, Set<String> replaced) {
		boolean leaves = words.start("DROP") || words.have("RENAME");
		List<NamedTable> named = new ArrayList<>();
		for (String written : this.tables.named(statement)) {
			TableSize size = this.tables.existing(written);
			String key = ConcernedTables.key(written);
			boolean old = size != null && !this.made.contains(key) && !(leaves && replaced.contains(key));
			named.add(new NamedTable((size != null) ? size.name() : written, written, old));
		}
		boolean prepared = this.unchecked
				|| (!named.isEmpty() && this.validated.contains(ConcernedTables.key(named.get(0).written())));
		return new PendingStatement(new Finding.Place(migration.file().name(), statement.line(), statement.number()),
				words, named, prepared);
	}

	private void after(PendingStatement statement, List<String> tokens) {
		String created = TableNames.created(tokens);
		boolean kept = created != null && this.tables.existing(created) != null
				&& statement.words().have("IF NOT EXISTS");
		if (created != null && !kept) {
			this.made.add(ConcernedTables.key(created));
		}
		add(this.made, TableNames.renamed(tokens));
		if (statement.words().have("VALIDATE CONSTRAINT") && !statement.tables().isEmpty()) {
			this.validated.add(ConcernedTables.key(statement.tables().get(0).written()));
		}
		if (statement.words().start("SET") && statement.words().have("FOREIGN_KEY_CHECKS = 0")) {
			this.unchecked = true;
		}
	}

	private static void add(Set<String> keys, @Nullable String name) {
		if (name != null) {
			keys.add(ConcernedTables.key(name));
		}
	}

}
