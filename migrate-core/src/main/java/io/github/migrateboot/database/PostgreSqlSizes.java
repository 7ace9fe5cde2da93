package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Asks PostgreSQL's catalog how large tables are.
 */
final class PostgreSqlSizes {

	/** A table on which somebody works under an exclusive lock has no size meanwhile. */
	private static final String LONGEST_WAIT = "SET LOCAL lock_timeout = '1s'";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	/*
	 * A partitioned table is as large as its partitions. Before the first ANALYZE the
	 * number of rows is -1.
	 */
	private static final String SIZES = """
			select v.name, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), s.rows,
			s.bytes, s.index_bytes, s.total_bytes
			from (values %s) v (name, in_schema, relation) join pg_catalog.pg_class c on c.relname = v.relation
			join pg_catalog.pg_namespace n on n.oid = c.relnamespace and case when v.in_schema = ''
			then c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(v.relation)) else n.nspname = v.in_schema end
			cross join lateral (select case when pg_catalog.bool_or(p.reltuples < 0) then null
			else pg_catalog.sum(p.reltuples)::bigint end as rows,
			pg_catalog.sum(%s)::bigint as bytes, pg_catalog.sum(%s)::bigint as index_bytes,
			pg_catalog.sum(%s)::bigint as total_bytes
			from pg_catalog.pg_class p where case when c.relkind = 'p' then p.relkind = 'r' and p.oid in
			(select t.relid from pg_catalog.pg_partition_tree(c.oid) t) else p.oid = c.oid end) s
			where c.relkind in ('r', 'p', 'm')""";

	private static final String PAGE = "pg_catalog.current_setting('block_size')::bigint";

	private static final String INDEX_PAGES = "(select coalesce(pg_catalog.sum(x.relpages), 0) from"
			+ " pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid where i.indrelid = p.oid)";

	private final Connection connection;

	private final String names;

	PostgreSqlSizes(Connection connection, Collection<String> names) {
		this.connection = connection;
		this.names = names.stream().map(PostgreSqlSizes::row).collect(Collectors.joining(", "));
	}

	private static String row(String written) {
		WrittenName name = WrittenName.of(written, (word) -> word.toLowerCase(Locale.ROOT));
		return Stream.of(written, name.schema(), name.name())
			.map((text) -> SqlDialect.POSTGRESQL.literal(text) + "::text")
			.collect(Collectors.joining(", ", "(", ")"));
	}

	List<TableSize> ask() throws SQLException {
		boolean autoCommit = this.connection.getAutoCommit();
		this.connection.setAutoCommit(false);
		try {
			Jdbc.execute(this.connection, LONGEST_WAIT);
			return sizes("pg_catalog.pg_relation_size(p.oid)", "pg_catalog.pg_indexes_size(p.oid)",
					"pg_catalog.pg_total_relation_size(p.oid)");
		}
		catch (SQLException ex) {
			if (!LOCK_NOT_AVAILABLE.equals(ex.getSQLState())) {
				throw ex;
			}
			this.connection.rollback();
			return pages();
		}
		finally {
			this.connection.rollback();
			this.connection.setAutoCommit(autoCommit);
		}
	}

	/**
	 * Take what the last VACUUM or ANALYZE has noted, which no lock is needed for.
	 */
	private List<TableSize> pages() throws SQLException {
		return sizes("p.relpages * " + PAGE, INDEX_PAGES + " * " + PAGE,
				"(p.relpages + " + INDEX_PAGES + ") * " + PAGE);
	}

	private List<TableSize> sizes(String bytes, String indexBytes, String totalBytes) throws SQLException {
		List<TableSize> sizes = new ArrayList<>();
		for (List<@Nullable String> row : Jdbc.rows(this.connection, Integer.MAX_VALUE,
				SIZES.formatted(this.names, bytes, indexBytes, totalBytes))) {
			sizes.add(new TableSize(Jdbc.text(row, 0), Jdbc.text(row, 1), TableSize.number(row.get(2)),
					TableSize.number(row.get(3)), TableSize.number(row.get(4)), TableSize.number(row.get(5))));
		}
		return sizes;
	}

}
