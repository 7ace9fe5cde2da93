package io.github.migrateboot.database;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The catalog of MySQL and MariaDB.
 */
final class MySqlCatalog implements TableCatalog {

	private static final String COLUMNS = """
			SELECT 'column' AS kind, column_name AS label, column_type AS a1, NULL AS a2, NULL AS a3,
			CASE WHEN is_nullable = 'NO' AND column_default IS NULL
			AND extra NOT LIKE '%%auto_increment%%' AND extra NOT LIKE '%%GENERATED%%' THEN 1 ELSE 0 END AS flags
			FROM information_schema.columns WHERE table_schema = %s AND table_name = %s""";

	private static final Pattern TEXT = Pattern.compile(".*(char|text|binary).*", Pattern.DOTALL);

	@Override
	public String columns(TableName table) {
		String schema = table.schema();
		return COLUMNS.formatted((schema != null) ? SqlDialect.MYSQL.literal(schema) : "DATABASE()",
				SqlDialect.MYSQL.literal(table.name()));
	}

	@Override
	public boolean isText(CatalogRow column) {
		return TEXT.matcher(String.valueOf(column.first()).toLowerCase(Locale.ROOT)).matches();
	}

	@Override
	public String withOtherOptions(TableName table) {
		return "SELECT 1 FROM information_schema.tables WHERE table_schema = "
				+ SqlDialect.MYSQL.literal(String.valueOf(table.schema())) + " AND table_name = "
				+ SqlDialect.MYSQL.literal(table.name())
				+ " AND (engine <> 'InnoDB' OR table_collation NOT LIKE 'utf8mb4%')";
	}

}
