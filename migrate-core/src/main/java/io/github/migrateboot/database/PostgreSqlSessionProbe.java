package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.SessionProbe.Activity;
import io.github.migrateboot.status.MigratorStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Asks about a session of PostgreSQL. Process ids are used again, so it is known by its
 * start too.
 *
 * @param pid the process id of the session
 * @param start when the session was started, as text
 */
record PostgreSqlSessionProbe(int pid, String start) implements SessionProbe {

	/** What is rounded must not be less than it was. */
	private static final Duration ROUNDING = Duration.ofMillis(1);

	/** A standby has sessions of its own. */
	private static final String ASK = """
			select pg_catalog.pg_is_in_recovery(), a.pid is null, a.backend_start = cast(? as timestamptz), a.state,
			(extract(epoch from pg_catalog.clock_timestamp() - a.state_change) * 1000)::bigint
			from (values (cast(? as integer))) as s (pid) left join pg_catalog.pg_stat_activity a on a.pid = s.pid""";

	@Override
	public long id() {
		return this.pid;
	}

	@Override
	public @Nullable StatementProgress progress(Connection other) throws SQLException {
		return PostgreSqlProgress.ask(other, this.pid);
	}

	@Override
	public Activity ask(Connection other) throws SQLException {
		try (PreparedStatement query = other.prepareStatement(ASK)) {
			query.setString(1, this.start);
			query.setInt(2, this.pid);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				if (row.getBoolean(1)) {
					return Activity.of(State.UNKNOWN);
				}
				boolean same = row.getBoolean(3);
				boolean visible = !row.wasNull();
				if (row.getBoolean(2) || (visible && !same)) {
					return Activity.of(State.GONE);
				}
				String state = row.getString(4);
				if (!visible || state == null) {
					return Activity.of(State.UNKNOWN);
				}
				return state.startsWith("idle")
						? new Activity(State.IDLE, Duration.ofMillis(row.getLong(5)).plus(ROUNDING))
						: Activity.of(State.BUSY);
			}
		}
	}

}
