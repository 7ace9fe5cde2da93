package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;
import io.github.migrateboot.test.lint.Catalog.Constraint;
import io.github.migrateboot.test.lint.Catalog.Index;
import io.github.migrateboot.test.lint.Catalog.Label;

/**
 * Reads PostgreSQL's catalog.
 *
 * @param connection the connection
 */
record CatalogReader(Connection connection) {

	private static final String USERS = """
			 in (select oid from pg_catalog.pg_namespace
			where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)')""";

	private static final String RELATIONS = """
			select c.oid, n.nspname, c.relname, c.oid::regclass::text, c.relkind, pg_relation_filenode(c.oid),
			coalesce(i.indrelid, 0), coalesce(pg_partition_root(c.oid)::oid, 0)
			from pg_class c join pg_namespace n on n.oid = c.relnamespace
			left join pg_index i on i.indexrelid = c.oid
			where c.relkind in ('r', 'p', 'm', 'v', 'i', 'I') and c.relpersistence <> 't'
			and c.relnamespace""" + USERS + " order by c.oid";

	private static final String COLUMNS = """
			select a.attrelid, a.attnum, a.attname, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull,
			a.atthasdef or a.attidentity <> '' or a.attgenerated <> '', a.attisdropped,
			pg_get_expr(d.adbin, d.adrelid)
			from pg_attribute a join pg_class c on c.oid = a.attrelid
			left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
			where a.attnum > 0 and c.relkind in ('r', 'p', 'v', 'm') and c.relpersistence <> 't'
			and c.relnamespace"""
			+ USERS;

	private static final String CONSTRAINTS = """
			select k.oid, k.conrelid, k.confrelid, k.conindid, k.conname, quote_ident(k.conname), k.contype,
			k.convalidated,
			k.contype <> 'f' or k.conparentid <> 0 or exists (select 1 from pg_index i
			where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
			and i.indnkeyatts >= cardinality(k.conkey)
			and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey), pg_get_constraintdef(k.oid)
			from pg_constraint k where k.conrelid <> 0 and k.connamespace""" + USERS;

	private static final String INDEXES = """
			select i.indexrelid, i.indrelid, i.indisvalid, pg_get_indexdef(i.indexrelid)
			from pg_index i join pg_class c on c.oid = i.indexrelid
			where c.relpersistence <> 't' and c.relnamespace""" + USERS;

	private static final String LABELS = """
			select e.oid, e.enumtypid::regtype::text, e.enumlabel
			from pg_enum e join pg_type t on t.oid = e.enumtypid where t.typnamespace""" + USERS;

	Catalog read() throws SQLException {
		Map<Long, Relation> relations = new LinkedHashMap<>();
		Map<ColumnKey, Column> columns = new LinkedHashMap<>();
		Map<Long, Constraint> constraints = new LinkedHashMap<>();
		Map<Long, Index> indexes = new LinkedHashMap<>();
		Map<Long, Label> labels = new LinkedHashMap<>();
		each(RELATIONS, (row) -> relations.put(row.getLong(1), relation(row)));
		each(COLUMNS, (row) -> columns.put(new ColumnKey(row.getLong(1), row.getInt(2)), column(row)));
		each(CONSTRAINTS, (row) -> constraints.put(row.getLong(1), constraint(row)));
		each(INDEXES,
				(row) -> indexes.put(row.getLong(1), new Index(row.getLong(2), row.getBoolean(3), row.getString(4))));
		each(LABELS, (row) -> labels.put(row.getLong(1), new Label(row.getString(2), row.getString(3))));
		return new Catalog(relations, columns, constraints, indexes, labels);
	}

	private static Relation relation(ResultSet row) throws SQLException {
		long fileNode = row.getLong(6);
		return new Relation(row.getLong(1), row.getString(2), row.getString(3), row.getString(4),
				row.getString(5).charAt(0), row.wasNull() ? null : fileNode, row.getLong(7), row.getLong(8));
	}

	private static Column column(ResultSet row) throws SQLException {
		return new Column(row.getString(3), row.getString(4), row.getString(5), row.getBoolean(6), row.getBoolean(7),
				row.getBoolean(8), row.getString(9));
	}

	private static Constraint constraint(ResultSet row) throws SQLException {
		return new Constraint(row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5), row.getString(6),
				row.getString(7).charAt(0), row.getBoolean(8), row.getBoolean(9), row.getString(10));
	}

	private void each(String sql, RowReader reader) throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				reader.read(rows);
			}
		}
	}

	/**
	 * Reads a row.
	 */
	@FunctionalInterface
	interface RowReader {

		void read(ResultSet row) throws SQLException;

	}

}
