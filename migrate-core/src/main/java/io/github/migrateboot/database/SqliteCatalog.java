package io.github.migrateboot.database;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The catalog of SQLite.
 */
final class SqliteCatalog implements TableCatalog, SchemaCatalog {

	/** What keeps a text as it is: affinity TEXT, or none. */
	private static final Pattern TEXT = Pattern.compile("(?!.*INT)(.*(CHAR|CLOB|TEXT|BLOB).*|)", Pattern.DOTALL);

	@Override
	public String columns(TableName table) {
		return "SELECT 'column' AS kind, name AS label, type AS a1, NULL AS a2, NULL AS a3, \"notnull\" AND dflt_value IS NULL AND NOT (pk > 0"
				+ " AND upper(type) = 'INTEGER') AS flags FROM pragma_table_info("
				+ SqlDialect.SQLITE.literal(table.name()) + ", 'main')";
	}

	@Override
	public SchemaCatalog schemas() {
		return this;
	}

	@Override
	public boolean isText(CatalogRow column) {
		return TEXT.matcher(String.valueOf(column.first()).toUpperCase(Locale.ROOT)).matches();
	}

	/**
	 * A name without a schema may mean a temporary table, or one of an attached file.
	 */
	@Override
	public String query(TableName table, TableName journal) {
		return "SELECT 'schema' AS kind, 'main' AS label, NULL AS a1, NULL AS a2, NULL AS a3, " + isIn("main", table)
				+ " + 2 * (" + isIn("main", table) + " AND NOT " + isIn("temp", table) + ") + 4 * ("
				+ isIn("main", journal) + " AND NOT " + isIn("temp", journal) + ") AS flags";
	}

	private static String isIn(String schema, TableName table) {
		return "EXISTS (SELECT 1 FROM " + schema + ".sqlite_master WHERE name = "
				+ SqlDialect.SQLITE.literal(table.name()) + " COLLATE NOCASE)";
	}

	@Override
	public TablePlaces places(TableName table, List<CatalogRow> answer) {
		return TablePlaces.of(table.in("main"), answer.get(0));
	}

}
