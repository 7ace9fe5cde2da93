package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a session of PostgreSQL is set to, and how it is restored.
 */
final class PostgreSqlSession {

	private static final String ROLE = "(role)";

	private static final String USER = "(session_user)";

	private static final String VERSION = "(version)";

	/*
	 * Whatever came with the connection (from the server, the database, the role or the
	 * URL) RESET ALL brings back. What was set since then is listed here.
	 */
	private static final String CAPTURE = """
			select name, setting from pg_catalog.pg_settings where source = 'session'
			and name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
			union all select '%s', pg_catalog.current_setting('role')
			union all select '%s', session_user::text
			union all select '%s', pg_catalog.current_setting('server_version_num')
			""".formatted(ROLE, USER, VERSION);

	private static final String RESTORE = """
			select count(pg_catalog.set_config(s.name, coalesce(c.value, s.reset_val), false))
			from pg_catalog.pg_settings s left join (values %s) as c (name, value) on c.name = s.name
			where (s.source = 'session' or c.name is not null)
			and s.name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
			and s.setting is distinct from coalesce(c.value, s.reset_val)""";

	private static final String CHECK_INTERVAL = "client_connection_check_interval";

	/** Since PostgreSQL 17. */
	private static final String TRANSACTION_TIMEOUT = "transaction_timeout";

	private PostgreSqlSession() {
	}

	static SessionState prepare(Connection connection, Instance instance) throws SQLException {
		Map<String, String> own = own(instance);
		Map<String, String> captured;
		try {
			captured = captureAndSet(connection, own);
		}
		catch (SQLException ex) {
			if (!"22023".equals(ex.getSQLState())) {
				throw ex;
			}
			// Not every operating system can tell that a client has gone
			own.remove(CHECK_INTERVAL);
			captured = captureAndSet(connection, own);
		}
		if (Integer.parseInt(captured.getOrDefault(VERSION, "0")) < 170000) {
			own.remove(TRANSACTION_TIMEOUT);
		}
		String user = captured.getOrDefault(USER, "");
		String role = captured.getOrDefault(ROLE, "none");
		captured.keySet().removeAll(Set.of(USER, ROLE, VERSION));
		Map<String, String> prepared = new LinkedHashMap<>(captured);
		prepared.putAll(own);
		return new SessionState(reset(prepared, user, role), original(captured, user, role)).as(ourselves(user, role));
	}

	/**
	 * Capture the settings and then set our own, in one round trip.
	 */
	private static Map<String, String> captureAndSet(Connection connection, Map<String, String> own)
			throws SQLException {
		List<String> rows = new ArrayList<>();
		own.forEach((name, value) -> rows.add("(" + literal(name) + ", " + literal(value) + ")"));
		// Those that this version does not have are left out.
		return Jdbc.pairs(connection, CAPTURE + "; select pg_catalog.set_config(s.name, v.value, false) from (values "
				+ String.join(", ", rows) + ") as v (name, value) join pg_catalog.pg_settings s on s.name = v.name");
	}

	private static Map<String, String> own(Instance instance) {
		Map<String, String> own = new LinkedHashMap<>();
		own.put("application_name", instance.label());
		own.put("idle_session_timeout", "30s");
		own.put("idle_in_transaction_session_timeout", "30s");
		own.put(CHECK_INTERVAL, "1s");
		own.put("statement_timeout", "0");
		own.put("lock_timeout", "0");
		own.put(TRANSACTION_TIMEOUT, "0");
		return own;
	}

	/*
	 * Few statements, and each of them alone, so that they can ride in a batch. The user
	 * comes first, because it may have what a role that a migration has taken lacks; the
	 * role comes last: it may lack the privileges for the settings, and after a utility
	 * statement no snapshot is left.
	 */
	private static List<String> reset(Map<String, String> settings, String user, String role) {
		List<String> calls = new ArrayList<>();
		calls.add(set("session_authorization", user, false));
		settings.forEach((name, value) -> calls.add(set(name, value, false)));
		return List.of("unlisten *", "reset all", "select " + String.join(", ", calls), "set role " + role(role));
	}

	/*
	 * RESET ALL would also undo what can't be captured because it isn't listed: the
	 * application's settings with a dot in their name.
	 */
	private static List<String> original(Map<String, String> settings, String user, String role) {
		List<String> rows = new ArrayList<>(List.of("(null, null)"));
		settings.forEach((name, value) -> rows.add("(" + literal(name) + ", " + literal(value) + ")"));
		return List.of("select " + set("session_authorization", user, false),
				RESTORE.formatted(String.join(", ", rows)), "set role " + role(role));
	}

	/**
	 * For the rest of a transaction.
	 */
	private static SessionState.Ourselves ourselves(String user, String role) {
		return new SessionState.Ourselves(
				"session_user = " + literal(user) + " and pg_catalog.current_setting('role') = " + literal(role),
				List.of("select " + set("session_authorization", user, true) + ", "
						+ set("statement_timeout", "0", true), "set local role " + role(role)));
	}

	private static String role(String role) {
		return "none".equals(role) ? role : literal(role);
	}

	private static String set(String name, String value, boolean local) {
		return "pg_catalog.set_config(" + literal(name) + ", " + literal(value) + ", " + local + ")";
	}

	private static String literal(String value) {
		return SqlDialect.POSTGRESQL.literal(value);
	}

	/**
	 * Return the schema that dbmate takes when none of the search path exists: its first
	 * one, else {@code public}.
	 */
	static String firstSchema(String searchPath) {
		for (String name : names(searchPath)) {
			if (!name.isEmpty() && !name.equals("$user") && !name.startsWith("pg_")) {
				return name;
			}
		}
		return "public";
	}

	/**
	 * Split a list of names as PostgreSQL does: quoted ones are taken as they are, others
	 * are put into lower case.
	 */
	static List<String> names(String list) {
		List<String> names = new ArrayList<>();
		StringBuilder name = new StringBuilder();
		boolean quoted = false;
		for (int i = 0; i < list.length(); i++) {
			char c = list.charAt(i);
			if (c == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
				name.append('"');
				i++;
			}
			else if (c == '"') {
				quoted = !quoted;
			}
			else if (quoted) {
				name.append(c);
			}
			else if (c == ',') {
				names.add(name.toString());
				name.setLength(0);
			}
			else if (!Character.isWhitespace(c)) {
				name.append(Character.toLowerCase(c));
			}
		}
		if (!names.isEmpty() || !name.isEmpty()) {
			names.add(name.toString());
		}
		return names;
	}

}
