package io.github.migrateboot;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.PendingMigration.Direction;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlSyntax;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pending files, all of them before the first is applied, so that a malformed file
 * stops a run before anything is changed.
 */
final class PendingMigrations {

	private static final Logger logger = LoggerFactory.getLogger(PendingMigrations.class);

	private PendingMigrations() {
	}

	static List<PendingMigration> parse(Database database, List<MigrationFile> files) {
		ScriptParser parser = new ScriptParser(syntax(database));
		List<PendingMigration> migrations = new ArrayList<>();
		for (MigrationFile file : files) {
			Script script = parser.parse(file);
			script.warnings().forEach((warning) -> logger.warn("{}: {}", file.name(), warning));
			for (Section section : script.sections()) {
				if (section.transactional() && PendingMigration.controlsTransaction(section)) {
					logger.warn(
							"{} begins or ends transactions by itself, so it is run as if it said"
									+ " transaction:false: a failure in the middle leaves it half applied",
							file.name());
				}
			}
			migrations.add(new PendingMigration(file, script, Direction.UP));
		}
		return migrations;
	}

	/**
	 * Read the down blocks of files.
	 */
	static List<PendingMigration> parseDown(Database database, List<MigrationFile> files) {
		ScriptParser parser = new ScriptParser(syntax(database));
		return files.stream()
			.map((file) -> new PendingMigration(file, parser.parseDown(file), Direction.DOWN))
			.toList();
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
