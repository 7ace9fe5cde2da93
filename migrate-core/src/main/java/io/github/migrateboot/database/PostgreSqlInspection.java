package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

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

	@Override
	public Blockers blockers(Connection connection, Instance instance) {
		return new Blockers(new PostgreSqlErrors(), "SELECT pg_terminate_backend(%s)", instance.label(),
				new Blockers.Source(BLOCKERS, true));
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		return PostgreSqlProgress.ask(connection, session);
	}

	@Override
	public ConcurrentIndexes concurrentIndexes() {
		return new ConcurrentIndexes();
	}

}
