package io.github.migrateboot.database;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The catalog of H2, where a name without a schema means a table of the current schema,
 * and else one further down the search path.
 */
final class H2Catalog implements TableCatalog, SchemaCatalog {

	private static final String COLUMNS = """
			SELECT 'column' AS kind, COLUMN_NAME AS label, DATA_TYPE AS a1, NULL AS a2, NULL AS a3,
			CASE WHEN IS_NULLABLE = 'NO' AND COLUMN_DEFAULT IS NULL
			AND IS_IDENTITY = 'NO' AND IS_GENERATED = 'NEVER' THEN 1 ELSE 0 END AS flags
			FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s""";

	private static final String SCHEMAS = """
			SELECT 'schema' AS kind, SCHEMA() AS label, NULL AS a1, NULL AS a2, NULL AS a3,
			CASE WHEN %s THEN 3 ELSE 0 END + CASE WHEN %s THEN 4 ELSE 0 END AS flags""";

	private static final Pattern TEXT = Pattern.compile(".*(CHAR|TEXT|CLOB).*", Pattern.DOTALL);

	@Override
	public String columns(TableName table) {
		String schema = table.schema();
		return COLUMNS.formatted((schema != null) ? SqlDialect.H2.literal(schema) : "SCHEMA()",
				SqlDialect.H2.literal(table.name()));
	}

	@Override
	public SchemaCatalog schemas() {
		return this;
	}

	@Override
	public boolean isText(CatalogRow column) {
		return TEXT.matcher(String.valueOf(column.first())).matches();
	}

	@Override
	public String query(TableName table, TableName journal) {
		return SCHEMAS.formatted(isThere(table), isThere(journal));
	}

	private static String isThere(TableName table) {
		return "EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = SCHEMA() AND TABLE_NAME = "
				+ SqlDialect.H2.literal(table.name()) + ")";
	}

	@Override
	public TablePlaces places(TableName table, List<CatalogRow> answer) {
		return TablePlaces.of(table.in(answer.get(0).name()), answer.get(0));
	}

}
