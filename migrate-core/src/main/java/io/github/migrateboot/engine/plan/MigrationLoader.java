package io.github.migrateboot.engine.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pending files, all of them before the first is applied, so that a malformed file
 * stops a run before anything is changed. What they contain is kept until its turn has
 * come, but not more of it than a heap easily holds: the rest is read again then.
 */
public final class MigrationLoader {

	private static final Logger logger = LoggerFactory.getLogger(MigrationLoader.class);

	/** In any spelling that SQLite accepts. */
	private static final Pattern FOREIGN_KEYS_OFF = Pattern.compile(
			"^pragma\\s+(\\S+\\s*\\.\\s*)?[\"'`\\[]?foreign_keys[\"'`\\]]?\\s*[=(]\\s*['\"]?(off|false|no|0+)\\b",
			Pattern.CASE_INSENSITIVE);

	/** In characters. */
	private static final long MOST_KEPT = 8_000_000;

	/** What a statement takes besides its text, in characters. */
	private static final long STATEMENT = 100;

	private final List<MigrationFile> files;

	private final ScriptParser parser;

	private final Map<String, Script> kept = new HashMap<>();

	private MigrationLoader(List<MigrationFile> files, ScriptParser parser) {
		this.files = files;
		this.parser = parser;
	}

	public static MigrationLoader read(SqlRules rules, List<MigrationFile> files) {
		MigrationLoader migrations = new MigrationLoader(files, new ScriptParser(rules));
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
			if (section.transactional() && Migration.controlsTransaction(section)) {
				logger.warn("{} begins or ends transactions by itself, so it is run as if it said"
						+ " transaction:false: a failure in the middle leaves it half applied", file.name());
			}
			else if (section.transactional()) {
				section.statements()
					.stream()
					.filter(MigrationLoader::switchesForeignKeysOff)
					.forEach((statement) -> logger.warn("{}: Line {}: SQLite ignores PRAGMA foreign_keys in a"
							+ " transaction, so foreign keys stay on, and dropping or rebuilding a table may delete the"
							+ " rows that refer to it. Write transaction:false behind the directive, or use PRAGMA"
							+ " defer_foreign_keys.", file.name(), statement.line()));
			}
		}
	}

	private static boolean switchesForeignKeysOff(SqlStatement statement) {
		return FOREIGN_KEYS_OFF.matcher(statement.text()).find();
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
	public List<MigrationFile> files() {
		return this.files;
	}

	/**
	 * Return the versions of the files.
	 */
	public Set<String> versions() {
		return this.files.stream().map(MigrationFile::version).collect(Collectors.toSet());
	}

	/**
	 * Return what one of the files contains.
	 */
	public Migration get(MigrationFile file) {
		Script script = this.kept.get(file.version());
		return new Migration(file, (script != null) ? script : this.parser.parse(file), Direction.UP);
	}

	/**
	 * Keep no longer what one of the files contains.
	 */
	public void release(MigrationFile file) {
		this.kept.remove(file.version());
	}

	/**
	 * Read the down blocks of files.
	 */
	public static List<Migration> parseDown(SqlRules rules, List<MigrationFile> files) {
		ScriptParser parser = new ScriptParser(rules);
		return files.stream().map((file) -> new Migration(file, parser.parseDown(file), Direction.DOWN)).toList();
	}

}
