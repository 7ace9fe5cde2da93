package io.github.migrateboot.database;

import java.util.List;

/**
 * The catalog of PostgreSQL.
 *
 * @param database quotes names
 */
record PostgreSqlCatalog(Database database) implements TableCatalog, SchemaCatalog {

	private static final String COLUMNS = """
			SELECT 'column' AS kind, a.attname::text AS label, pg_catalog.format_type(a.atttypid, a.atttypmod) AS a1,
			t.typcategory::text AS a2, NULL AS a3,
			CASE WHEN a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' THEN 1 ELSE 0 END AS flags
			FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			WHERE a.attrelid = pg_catalog.to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped""";

	/*
	 * Only schemas that exist and may be used; or one row without a name.
	 */
	private static final String SCHEMAS = """
			SELECT 'schema' AS kind, s.name::text AS label, p.setting AS a1, p.source AS a2, current_user::text AS a3,
			CASE WHEN s.name IS NULL THEN 0 ELSE
			CASE WHEN %1$s IS NULL THEN 0 ELSE 1 END + CASE WHEN %1$s = %2$s THEN 2 ELSE 0 END
			+ CASE WHEN %3$s = %4$s THEN 4 ELSE 0 END END + 8 * COALESCE(s.place, 0)::integer AS flags
			FROM pg_catalog.pg_settings p
			LEFT JOIN pg_catalog.unnest(pg_catalog.current_schemas(false)) WITH ORDINALITY s (name, place) ON true
			WHERE p.name = 'search_path'""";

	@Override
	public String columns(TableName table) {
		return COLUMNS.formatted(SqlDialect.POSTGRESQL.literal(this.database.quote(table)));
	}

	@Override
	public SchemaCatalog schemas() {
		return this;
	}

	@Override
	public boolean isText(CatalogRow column) {
		return "S".equals(column.second());
	}

	@Override
	public String query(TableName table, TableName journal) {
		return SCHEMAS.formatted(inSchema(table), meant(table), inSchema(journal), meant(journal));
	}

	private String meant(TableName table) {
		return "pg_catalog.to_regclass(" + SqlDialect.POSTGRESQL.literal(this.database.quote(table.name())) + ")";
	}

	private String inSchema(TableName table) {
		return "pg_catalog.to_regclass(pg_catalog.quote_ident(s.name) || "
				+ SqlDialect.POSTGRESQL.literal("." + this.database.quote(table.name())) + ")";
	}

	@Override
	public TablePlaces places(TableName table, List<CatalogRow> answer) {
		return PostgreSqlSearchPath.of(answer).places(table);
	}

}
