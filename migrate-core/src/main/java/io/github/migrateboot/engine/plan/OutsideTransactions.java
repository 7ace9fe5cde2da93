package io.github.migrateboot.engine.plan;

import java.util.Set;
import java.util.stream.Stream;

import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlSyntax;

/**
 * Knows statements that a database refuses in a transaction, as far as their first words
 * tell.
 *
 * @param syntax how statements are read
 */
public record OutsideTransactions(SqlSyntax syntax) {

	private static final Set<String> POSTGRESQL = Set.of("VACUUM", "CREATE DATABASE", "DROP DATABASE",
			"CREATE TABLESPACE", "DROP TABLESPACE", "ALTER SYSTEM", "REINDEX DATABASE", "REINDEX SYSTEM");

	private static final Set<String> POSTGRESQL_CONCURRENTLY = Set.of("CREATE INDEX", "CREATE UNIQUE INDEX",
			"DROP INDEX", "REINDEX");

	/**
	 * Warn of those that are in a transaction.
	 */
	public Stream<String> warnings(Migration migration) {
		return migration.script()
			.sections()
			.stream()
			.filter(Migration::isTransactional)
			.flatMap((section) -> section.statements().stream())
			.filter(this::isRefused)
			.map((statement) -> "Line " + statement.line() + ": this statement can't run in a transaction, so the"
					+ " migration fails. Write transaction:false behind the directive.");
	}

	private boolean isRefused(SqlStatement statement) {
		return switch (this.syntax) {
			case POSTGRESQL -> statement.startsWithAny(POSTGRESQL) || (statement.startsWithAny(POSTGRESQL_CONCURRENTLY)
					&& this.syntax.hasWord(statement.text(), "CONCURRENTLY"));
			case SQLITE -> statement.startsWith("VACUUM");
			case MYSQL, H2 -> false;
		};
	}

}
