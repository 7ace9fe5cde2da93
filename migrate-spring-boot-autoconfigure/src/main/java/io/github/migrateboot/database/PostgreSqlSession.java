package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a session of PostgreSQL is set to, and how it is put back.
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

	/** Settings whose value is a list of names, each of which is quoted by itself. */
	private static final Set<String> LISTS = Set.of("search_path", "temp_tablespaces", "local_preload_libraries",
			"session_preload_libraries");

	private static final String CHECK_INTERVAL = "client_connection_check_interval";

	private PostgreSqlSession() {
	}

	static SessionState prepare(Connection connection, Instance instance) throws SQLException {
		Map<String, String> captured = Sql.pairs(connection, CAPTURE);
		String user = captured.getOrDefault(USER, "");
		String role = captured.getOrDefault(ROLE, "none");
		Map<String, String> own = own(instance, Integer.parseInt(captured.getOrDefault(VERSION, "0")));
		captured.keySet().removeAll(Set.of(USER, ROLE, VERSION));
		try {
			Sql.execute(connection, String.join("; ", settings(own)));
		}
		catch (SQLException ex) {
			if (!"22023".equals(ex.getSQLState())) {
				throw ex;
			}
			// Not every operating system can tell that a client has gone
			own.remove(CHECK_INTERVAL);
			Sql.execute(connection, String.join("; ", settings(own)));
		}
		String original = reset(captured, user, role);
		Map<String, String> prepared = new LinkedHashMap<>(captured);
		prepared.putAll(own);
		return new SessionState(List.of(reset(prepared, user, role)), List.of(original));
	}

	private static Map<String, String> own(Instance instance, int version) {
		Map<String, String> own = new LinkedHashMap<>();
		own.put("application_name", instance.label());
		own.put("idle_session_timeout", "30s");
		own.put("idle_in_transaction_session_timeout", "30s");
		own.put(CHECK_INTERVAL, "1s");
		own.put("statement_timeout", "0");
		own.put("lock_timeout", "0");
		if (version >= 170000) {
			own.put("transaction_timeout", "0");
		}
		return own;
	}

	/*
	 * One string, so that it costs one round trip. The role comes last: it may lack the
	 * privileges for the settings.
	 */
	private static String reset(Map<String, String> settings, String user, String role) {
		List<String> statements = new ArrayList<>();
		statements.add("reset all");
		statements.add("set session authorization " + literal(user));
		statements.addAll(settings(settings));
		statements.add("none".equals(role) ? "set role none" : "set role " + literal(role));
		return String.join("; ", statements);
	}

	private static List<String> settings(Map<String, String> settings) {
		List<String> statements = new ArrayList<>();
		settings.forEach((name, value) -> statements.add("set " + name(name) + " = " + value(name, value)));
		return statements;
	}

	private static String name(String name) {
		List<String> parts = new ArrayList<>();
		for (String part : name.split("\\.", -1)) {
			parts.add(Sql.quote(part, "\""));
		}
		return String.join(".", parts);
	}

	private static String value(String name, String value) {
		if (!LISTS.contains(name)) {
			return literal(value);
		}
		List<String> names = names(value);
		return names.isEmpty() ? "''" : String.join(", ", names.stream().map(PostgreSqlSession::literal).toList());
	}

	private static String literal(String value) {
		String quoted = Sql.literal(value);
		return (value.indexOf('\\') < 0) ? quoted : "E" + quoted.replace("\\", "\\\\");
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
