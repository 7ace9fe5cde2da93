package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings on PostgreSQL behind a pooler: a session belongs to us only as long as a
 * transaction is open, and to anybody else afterwards.
 * <p>
 * So our own settings are local to each transaction, and what a migration has set for the
 * session is restored before its transaction ends. {@code RESET ALL} would be wrong for
 * that: it also undoes what the pooler itself has set when it opened the session (its
 * {@code connect_query}) or when it lent it to us (encoding, time zone). Therefore each
 * transaction begins by noting what is set, in a setting of its own.
 */
final class PooledPostgreSqlSession {

	private static final String NOTE = "migrate.settings";

	private static final String CHECK_INTERVAL = "client_connection_check_interval";

	/** Belong to the transaction, and can't be set any more when they are looked at. */
	private static final String OF_THE_TRANSACTION = "('transaction_isolation', 'transaction_read_only', "
			+ "'transaction_deferrable')";

	private static final String TAKE_NOTE = """
			select pg_catalog.set_config('%s', (select pg_catalog.json_object_agg(n.name, n.setting)::text from (
			select s.name, s.setting from pg_catalog.pg_settings s where s.source = 'session' and s.name not in %s
			union all select 'role', pg_catalog.current_setting('role')
			union all select 'session_authorization', session_user::text) n), true)""".formatted(NOTE,
			OF_THE_TRANSACTION);

	/*
	 * Does nothing where no note was taken. The role comes first: a role that a migration
	 * has taken may lack the right to put the rest back. Counted, because in a batch the
	 * driver fetches one row of each answer, and the others would not be computed.
	 */
	private static final String PUT_ROLE_BACK = """
			select count(pg_catalog.set_config(n.name, n.setting, false)) from (
			select 1 as place, 'session_authorization' as name, n.note ->> 'session_authorization' as setting from note n
			union all select 2, 'role', n.note ->> 'role' from note n order by place) n""";

	private static final String PUT_SETTINGS_BACK = """
			select count(pg_catalog.set_config(s.name, coalesce(n.note ->> s.name, s.reset_val), false))
			from note n, pg_catalog.pg_settings s
			where (s.source = 'session' or n.note ->> s.name is not null) and s.name not in %s
			and s.setting is distinct from coalesce(n.note ->> s.name, s.reset_val)""".formatted(OF_THE_TRANSACTION);

	private static final String WITH_NOTE = """
			with note as (select nullif(pg_catalog.current_setting('%s', true), '')::json as note
			where nullif(pg_catalog.current_setting('%s', true), '') is not null)
			""".formatted(NOTE, NOTE);

	private static final SessionState.Ourselves OURSELVES = new SessionState.Ourselves(
			"pg_catalog.current_setting('role') = 'none'",
			List.of("set local session authorization default", "set local role none"));

	private PooledPostgreSqlSession() {
	}

	static SessionState prepare(Connection connection, Instance instance) throws SQLException {
		Map<String, String> own = own(instance, connection.getMetaData().getDatabaseMajorVersion());
		try {
			// Local settings of a transaction that ends at once: nothing stays set
			Jdbc.execute(connection, setLocal(own));
		}
		catch (SQLException ex) {
			if (!"22023".equals(ex.getSQLState())) {
				throw ex;
			}
			// Not every operating system can tell that a client has gone
			own.remove(CHECK_INTERVAL);
		}
		return new SessionState(List.of(WITH_NOTE + PUT_ROLE_BACK, WITH_NOTE + PUT_SETTINGS_BACK), List.of(),
				List.of(TAKE_NOTE, setLocal(own)))
			.as(OURSELVES);
	}

	private static Map<String, String> own(Instance instance, int majorVersion) {
		Map<String, String> own = new LinkedHashMap<>();
		own.put("application_name", instance.label());
		own.put("idle_in_transaction_session_timeout", "30s");
		own.put(CHECK_INTERVAL, "1s");
		own.put("statement_timeout", "0");
		own.put("lock_timeout", "0");
		if (majorVersion >= 17) {
			own.put("transaction_timeout", "0");
		}
		return own;
	}

	private static String setLocal(Map<String, String> settings) {
		List<String> calls = new ArrayList<>();
		settings.forEach((name, value) -> calls.add("pg_catalog.set_config(" + SqlDialect.POSTGRESQL.literal(name)
				+ ", " + SqlDialect.POSTGRESQL.literal(value) + ", true)"));
		return "select " + String.join(", ", calls);
	}

}
