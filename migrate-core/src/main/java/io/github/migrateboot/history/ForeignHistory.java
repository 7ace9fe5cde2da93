package io.github.migrateboot.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrateboot.database.CatalogRow;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.HistoryAccessException;

/**
 * Refuses a history table that is another tool's: what it means by a version is not what
 * dbmate means, and it needs values that nobody would give it. What dbmate can write to
 * is not refused.
 *
 * @param database the kind of database
 * @param table the history table
 * @param columns its columns, if the catalog shows them
 */
record ForeignHistory(Database database, TableName table, List<CatalogRow> columns) {

	void refuse() {
		if (this.columns.isEmpty()) {
			return;
		}
		List<String> reasons = reasons();
		if (reasons.isEmpty()) {
			return;
		}
		String whose = tool().map((name) -> "It looks like " + name + "'s. ").orElse("");
		throw new HistoryAccessException(
				"The table " + this.table + " is not a history table as dbmate has it: "
						+ String.join(", and ", reasons) + ". " + whose + "Nothing was written.",
				"Set migrate.table to a name that no other tool uses, for example " + suggestion()
						+ ". If what the migrations create is there already, set migrate.baseline to the version of the"
						+ " newest file of which that is true.",
				null);
	}

	/**
	 * Refuse a table that could not be read. One without the column that is of no tool
	 * which is known may be ours, altered.
	 */
	void refuseUnreadable() {
		if (tool().isPresent() || this.columns.stream().anyMatch(ForeignHistory::isVersion)) {
			refuse();
		}
	}

	private String suggestion() {
		TableName other = new TableName(this.table.searched() ? null : this.table.schema(), "dbmate_migrations");
		return this.database.displayName().equals("PostgreSQL") ? other.toString() : other.name();
	}

	private List<String> reasons() {
		CatalogRow version = null;
		List<String> needed = new ArrayList<>();
		for (CatalogRow column : this.columns) {
			if (isVersion(column)) {
				version = (version != null) ? version : column;
			}
			else if (column.needsValue()) {
				needed.add(String.valueOf(column.name()));
			}
		}
		List<String> reasons = new ArrayList<>();
		if (version == null) {
			reasons.add("it has no column version");
		}
		else if (!this.database.catalog().isText(version)) {
			reasons.add("its column version is of type " + version.first() + " and not a text");
		}
		if (!needed.isEmpty()) {
			reasons.add("a row needs a value for " + String.join(", ", needed));
		}
		return reasons;
	}

	private static boolean isVersion(CatalogRow column) {
		return "version".equalsIgnoreCase(column.name());
	}

	private Optional<String> tool() {
		Set<String> names = this.columns.stream()
			.map((column) -> String.valueOf(column.name()).toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
		return Tool.KNOWN.stream().filter((tool) -> names.containsAll(tool.columns())).map(Tool::name).findFirst();
	}

	/**
	 * Another tool.
	 *
	 * @param name its name
	 * @param columns columns by which its table is known, in small letters
	 */
	private record Tool(String name, Set<String> columns) {

		/** The most telling ones first. */
		private static final List<Tool> KNOWN = List.of(new Tool("golang-migrate", Set.of("version", "dirty")),
				new Tool("Ecto", Set.of("version", "inserted_at")),
				new Tool("Flyway", Set.of("installed_rank", "version", "script")),
				new Tool("Liquibase", Set.of("id", "author", "filename")),
				new Tool("goose", Set.of("version_id", "is_applied")),
				new Tool("sqlx", Set.of("version", "description", "installed_on", "success")),
				new Tool("Diesel", Set.of("version", "run_on")),
				new Tool("Knex", Set.of("name", "batch", "migration_time")),
				new Tool("node-pg-migrate", Set.of("name", "run_on")), new Tool("Prisma", Set.of("migration_name")),
				new Tool("Alembic", Set.of("version_num")), new Tool("TypeORM", Set.of("id", "timestamp", "name")),
				new Tool("Django", Set.of("app", "name", "applied")), new Tool("Laravel", Set.of("migration", "batch")),
				new Tool("Doctrine", Set.of("version", "executed_at")),
				new Tool("Phinx", Set.of("version", "migration_name")),
				new Tool("Migratus", Set.of("id", "applied", "description")), new Tool("Sequel", Set.of("filename")),
				new Tool("Entity Framework", Set.of("migrationid", "productversion")),
				new Tool("sql-migrate", Set.of("id", "applied_at")), new Tool("Sequelize", Set.of("name")));

	}

}
