package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Whom a session of PostgreSQL blocks. Needs no privilege: locks are visible to
 * everybody, what sessions of other roles wait for otherwise is not.
 *
 * @param ours an expression for the process ids that may be ours, with one parameter
 * @param session the parameter
 * @param history the history table, as it is written in a statement
 */
record PostgreSqlVictims(String ours, Object session, String history) implements VictimProbe {

	private static final int MOST = 3;

	private static final String BY_ID = "array[cast(? as integer)]";

	/** Behind a pooler the session changes with each transaction. */
	private static final String BY_NAME = "(select array_agg(s.pid) from pg_catalog.pg_stat_activity s"
			+ " where s.application_name = ? and s.datname = pg_catalog.current_database())";

	/*
	 * Advisory locks are not looked at: other instances wait for ours. Nor is whoever
	 * waits at the history: instances have their label as their name, and another program
	 * such as dbmate is about to write to it.
	 */
	private static final String QUERY = """
			with ours as materialized (select %s as pids)
			select l.pid, coalesce(nullif(a.application_name, ''), a.usename::text), 'waits for '
			|| case l.locktype when 'relation' then l.mode || ' on ' || l.relation::pg_catalog.regclass::text
			else 'a row' end,
			(extract(epoch from pg_catalog.clock_timestamp() - l.waitstart) * 1000)::bigint, count(*) over (),
			exists (select 1 from pg_catalog.pg_locks o where o.pid = any (ours.pids) and not o.granted)
			from ours cross join pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
			where not l.granted and l.locktype in ('relation', 'transactionid', 'tuple')
			and l.pid <> all (ours.pids) and ours.pids && pg_catalog.pg_blocking_pids(l.pid)
			and coalesce(a.application_name, '') not like 'migrate %%'
			and not exists (select 1 from pg_catalog.pg_locks h where h.pid = l.pid
			and h.relation = pg_catalog.to_regclass(?) and h.mode = 'RowExclusiveLock')
			order by l.waitstart""";

	static PostgreSqlVictims of(@Nullable SessionProbe session, Instance instance, String history) {
		return (session != null) ? new PostgreSqlVictims(BY_ID, session.id(), history)
				: new PostgreSqlVictims(BY_NAME, instance.label(), history);
	}

	@Override
	public Victims look(Connection other) throws SQLException {
		List<List<@Nullable String>> rows = Jdbc.rows(other, MOST, QUERY.formatted(this.ours), this.session,
				this.history);
		if (rows.isEmpty()) {
			return Victims.NOBODY;
		}
		List<Victim> first = new ArrayList<>();
		for (List<@Nullable String> row : rows) {
			first.add(new Victim(Jdbc.text(row, 0), row.get(1), row.get(2)));
		}
		List<@Nullable String> longest = rows.get(0);
		return new Victims(new Blocking(Integer.parseInt(Jdbc.text(longest, 4)), waited(longest.get(3))), first,
				"t".equals(longest.get(5)));
	}

	/**
	 * A wait that has only just started has no start yet.
	 */
	private static Duration waited(@Nullable String millis) {
		return Duration.ofMillis((millis != null) ? Math.max(0, Long.parseLong(millis)) : 0);
	}

}
