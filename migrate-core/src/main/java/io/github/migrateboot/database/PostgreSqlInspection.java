package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's statistics and catalog tell of a statement.
 */
final class PostgreSqlInspection implements Inspection {

	/*
	 * Behind a pooler the session changes with each transaction, so it is found by its
	 * name. Of other roles' sessions only pid and application name are visible.
	 */
	private static final String BLOCKERS = """
			select p.pid, coalesce(nullif(b.application_name, ''), b.usename), b.state,
			floor(extract(epoch from clock_timestamp() - coalesce(b.xact_start, b.backend_start)))::bigint,
			case when b.state is not null then b.query end
			from pg_catalog.pg_stat_activity a cross join lateral unnest(pg_catalog.pg_blocking_pids(a.pid)) p (pid)
			left join pg_catalog.pg_stat_activity b on b.pid = p.pid
			where a.wait_event_type = 'Lock' and a.application_name = ? and a.datname = pg_catalog.current_database()
			""";

	private static final String FUNCTIONS = """
			select distinct pg_catalog.lower(p.proname) from pg_catalog.pg_proc p
			join pg_catalog.pg_namespace n on n.oid = p.pronamespace
			where (n.nspname not in ('pg_catalog', 'information_schema') or p.proname = 'set_config')
			and pg_catalog.lower(p.proname) in (%s)""";

	@Override
	public Blockers blockers(Connection connection, Instance instance) {
		return new Blockers(new PostgreSqlErrors(), "SELECT pg_terminate_backend(%s)", instance.label(),
				new Blockers.Source(BLOCKERS, true));
	}

	@Override
	public VictimProbe victims(@Nullable SessionProbe session, Instance instance, TableName history) {
		String schema = (history.schema() != null) ? SqlDialect.POSTGRESQL.quote(history.schema()) + "." : "";
		return PostgreSqlVictims.of(session, instance, schema + SqlDialect.POSTGRESQL.quote(history.name()));
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		return PostgreSqlProgress.ask(connection, session);
	}

	@Override
	public List<TableSize> sizes(Connection connection, Collection<String> names) throws SQLException {
		return names.isEmpty() ? List.of() : new PostgreSqlSizes(connection, names).ask();
	}

	@Override
	public ConcurrentIndexes concurrentIndexes() {
		return new ConcurrentIndexes();
	}

	@Override
	public Set<String> functionsThatMaySet(Connection connection, Set<String> names) throws SQLException {
		if (names.isEmpty()) {
			return Set.of();
		}
		String list = names.stream().map(SqlDialect.POSTGRESQL::literal).collect(Collectors.joining(", "));
		return Jdbc.rows(connection, names.size(), FUNCTIONS.formatted(list))
			.stream()
			.map((row) -> Jdbc.text(row, 0))
			.collect(Collectors.toSet());
	}

}
