package io.github.migrateboot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.PendingMigration.Direction;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.LexicalSettings;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pending files, all of them before the first is applied, so that a malformed file
 * stops a run before anything is changed. What they contain is kept until its turn has
 * come, but not more of it than a heap easily holds: the rest is read again then.
 */
final class PendingMigrations {

	private static final Logger logger = LoggerFactory.getLogger(PendingMigrations.class);

	/** In characters. */
	private static final long MOST_KEPT = 8_000_000;

	/** What a statement takes besides its text, in characters. */
	private static final long STATEMENT = 100;

	private final List<MigrationFile> files;

	private final ScriptParser parser;

	private final Map<String, Script> kept = new HashMap<>();

	private PendingMigrations(List<MigrationFile> files, ScriptParser parser) {
		this.files = files;
		this.parser = parser;
	}

	static PendingMigrations read(SqlRules rules, List<MigrationFile> files) {
		PendingMigrations migrations = new PendingMigrations(files, new ScriptParser(rules));
		long size = 0;
		for (MigrationFile file : files) {
			Script script = migrations.parser.parse(file);
			warn(file, script);
			size += size(script);
			if (size <= MOST_KEPT || migrations.kept.isEmpty()) {
				migrations.kept.put(file.version(), script);
			}
		}
		return migrations;
	}

	private static void warn(MigrationFile file, Script script) {
		script.warnings().forEach((warning) -> logger.warn("{}: {}", file.name(), warning));
		for (Section section : script.sections()) {
			if (section.transactional() && PendingMigration.controlsTransaction(section)) {
				logger.warn("{} begins or ends transactions by itself, so it is run as if it said"
						+ " transaction:false: a failure in the middle leaves it half applied", file.name());
			}
		}
	}

	private static long size(Script script) {
		return script.sections()
			.stream()
			.flatMap((section) -> section.statements().stream())
			.mapToLong((statement) -> STATEMENT + statement.text().length())
			.sum();
	}

	/**
	 * Return the files, in order.
	 */
	List<MigrationFile> files() {
		return this.files;
	}

	/**
	 * Return what one of the files contains.
	 */
	PendingMigration get(MigrationFile file) {
		Script script = this.kept.get(file.version());
		return new PendingMigration(file, (script != null) ? script : this.parser.parse(file), Direction.UP);
	}

	/**
	 * Return what one of the files contains, and keep it no longer.
	 */
	PendingMigration take(MigrationFile file) {
		PendingMigration migration = get(file);
		this.kept.remove(file.version());
		return migration;
	}

	/**
	 * Read the down blocks of files.
	 */
	static List<PendingMigration> parseDown(SqlRules rules, List<MigrationFile> files) {
		ScriptParser parser = new ScriptParser(rules);
		return files.stream()
			.map((file) -> new PendingMigration(file, parser.parseDown(file), Direction.DOWN))
			.toList();
	}

	/**
	 * Return the rules by which a migrating session reads files.
	 */
	static SqlRules rules(Database database, ConnectSettings settings) {
		String initSql = settings.initSql();
		return (initSql != null) ? rules(database).after(initSql) : rules(database);
	}

	static SqlRules rules(Database database) {
		LexicalSettings settings = database.lexicalSettings();
		return new SqlRules(syntax(database), settings.version(), settings.mode(), settings.defaultMode());
	}

	static SqlSyntax syntax(Database database) {
		return switch (database.id()) {
			case "postgresql" -> SqlSyntax.POSTGRESQL;
			case "mysql", "mariadb" -> SqlSyntax.MYSQL;
			case "sqlite" -> SqlSyntax.SQLITE;
			case "h2" -> SqlSyntax.H2;
			default -> throw new IllegalArgumentException("No syntax for " + database.displayName());
		};
	}

}
