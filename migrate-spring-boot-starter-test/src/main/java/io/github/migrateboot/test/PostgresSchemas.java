package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

/**
 * Reads the catalogs of PostgreSQL: whatever a user has made, in the server's own words.
 */
final class PostgresSchemas extends Schemas {

	private static final String NAMESPACES = "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'";

	private static final String NOT_OF_AN_EXTENSION = "not exists (select 1 from pg_depend d where d.objid = o.oid and d.deptype = 'e')";

	/** The relations that matter. */
	private static final String RELATIONS = "pg_class c join pg_namespace n on n.oid = c.relnamespace and " + NAMESPACES
			+ " and c.relname not in " + OWN_TABLES
			+ " and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')";

	private static final List<String> QUERIES = List.of(
			"select 'schema ' || n.nspname from pg_namespace n where " + NAMESPACES,
			"select 'extension ' || extname from pg_extension",
			"select case c.relkind when 'r' then 'table ' when 'p' then 'partitioned table ' when 'f' then 'foreign table '"
					+ " when 'v' then 'view ' else 'materialized view ' end || c.oid::regclass"
					+ " || case when c.relpersistence = 'u' then ' unlogged' else '' end"
					+ " || case when c.relrowsecurity then ' with row security' else '' end"
					+ " || coalesce(' as ' || pg_get_viewdef(c.oid), '')"
					+ " || coalesce(' partition ' || pg_get_expr(c.relpartbound, c.oid), '') from " + RELATIONS
					+ " where c.relkind in ('r', 'p', 'f', 'v', 'm')",
			"select 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
					+ " || case when a.attnotnull then ' not null' else '' end"
					+ " || coalesce(' default ' || pg_get_expr(e.adbin, e.adrelid), '')"
					+ " || case when a.attidentity <> '' then ' identity ' || a.attidentity::text else '' end"
					+ " || case when a.attgenerated <> '' then ' generated' else '' end"
					+ " || coalesce(' collate ' || (select k.collname from pg_collation k where k.oid = a.attcollation and"
					+ " k.collname <> 'default'), '') from " + RELATIONS
					+ " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
					+ " left join pg_attrdef e on e.adrelid = c.oid and e.adnum = a.attnum"
					+ " where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')",
			// not null is told with the column
			"select 'constraint ' || k.conname || ' on ' || c.oid::regclass || ' ' || pg_get_constraintdef(k.oid) from "
					+ RELATIONS + " join pg_constraint k on k.conrelid = c.oid where k.contype <> 'n'",
			"select case when i.indisvalid then '' else 'invalid ' end || 'index ' || pg_get_indexdef(i.indexrelid) from "
					+ RELATIONS + " join pg_index i on i.indrelid = c.oid",
			"select 'sequence ' || c.oid::regclass || ' from ' || s.seqstart || ' by ' || s.seqincrement || ' in ' || s.seqmin"
					+ " || '..' || s.seqmax || case when s.seqcycle then ' cycle' else '' end from " + RELATIONS
					+ " join pg_sequence s on s.seqrelid = c.oid",
			"select pg_get_triggerdef(t.oid) from " + RELATIONS
					+ " join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal",
			"select pg_get_ruledef(r.oid) from " + RELATIONS
					+ " join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN'",
			"select 'policy ' || p.polname || ' on ' || c.oid::regclass || ' for ' || p.polcmd::text"
					+ " || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')"
					+ " || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '') from " + RELATIONS
					+ " join pg_policy p on p.polrelid = c.oid",
			"select case when o.prokind in ('f', 'p', 'w') then pg_get_functiondef(o.oid) else 'aggregate ' ||"
					+ " o.oid::regprocedure end from pg_proc o join pg_namespace n on n.oid = o.pronamespace and "
					+ NAMESPACES + " where " + NOT_OF_AN_EXTENSION,
			"select 'type ' || o.oid::regtype || coalesce(' enum ' || (select string_agg(quote_literal(e.enumlabel), ', '"
					+ " order by e.enumsortorder) from pg_enum e where e.enumtypid = o.oid), '')"
					+ " || case when o.typtype = 'd' then ' ' || format_type(o.typbasetype, o.typtypmod)"
					+ " || case when o.typnotnull then ' not null' else '' end || coalesce(' default ' || o.typdefault, '')"
					+ " else '' end from pg_type o join pg_namespace n on n.oid = o.typnamespace and " + NAMESPACES
					+ " where o.typtype in ('e', 'd', 'r', 'c') and " + NOT_OF_AN_EXTENSION
					+ " and (o.typrelid = 0 or exists (select 1 from pg_class c where c.oid = o.typrelid and c.relkind = 'c'))",
			"select 'constraint ' || k.conname || ' on ' || o.oid::regtype || ' ' || pg_get_constraintdef(k.oid)"
					+ " from pg_constraint k join pg_type o on o.oid = k.contypid where k.contype <> 'n'",
			"select 'comment on ' || c.oid::regclass || coalesce('.' || a.attname, '') || ' ' || quote_literal(t.description)"
					+ " from " + RELATIONS
					+ " join pg_description t on t.objoid = c.oid and t.classoid = 'pg_class'::regclass"
					+ " left join pg_attribute a on a.attrelid = c.oid and a.attnum = t.objsubid and t.objsubid > 0");

	PostgresSchemas(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	void read(Connection connection, Set<String> lines) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			for (String query : QUERIES) {
				try (ResultSet rows = statement.executeQuery(query)) {
					while (rows.next()) {
						lines.add(rows.getString(1));
					}
				}
			}
		}
	}

}
