package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a session of MySQL or MariaDB is set to, and how it is restored.
 */
final class MySqlSession {

	private static final String DATABASE = "(database)";

	private static final String ROLE = "(role)";

	private static final String GLOBAL_SQL_MODE = "(global sql_mode)";

	private static final String IGNORE_SPACE = "IGNORE_SPACE";

	/*
	 * In the order in which they are set. Left out are those that only an administrator
	 * may set for a session, those that cannot be set in a transaction, and autocommit,
	 * which is the driver's.
	 */
	private static final List<String> VARIABLES = List.of("sql_mode", "foreign_key_checks", "unique_checks",
			"check_constraint_checks", "time_zone", "character_set_client", "character_set_connection",
			"collation_connection", "character_set_results", "sql_safe_updates", "transaction_isolation",
			"tx_isolation", "transaction_read_only", "tx_read_only", "default_storage_engine", "completion_type",
			"sql_auto_is_null", "sql_select_limit", "sql_notes", "group_concat_max_len", "lc_time_names",
			"default_week_format", "div_precision_increment", "cte_max_recursion_depth", "alter_algorithm",
			"system_versioning_alter_history", "updatable_views_with_limit", "innodb_lock_wait_timeout",
			"lock_wait_timeout", "wait_timeout", "max_execution_time", "max_statement_time", "wsrep_sync_wait");

	private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

	private final MySqlFlavor flavor;

	private final boolean galera;

	private final Connection connection;

	MySqlSession(MySqlFlavor flavor, boolean galera, Connection connection) {
		this.flavor = flavor;
		this.galera = galera;
		this.connection = connection;
	}

	SessionState prepare() throws SQLException {
		Map<String, String> answer = Jdbc.pairs(this.connection, captureQuery());
		Map<String, String> captured = new LinkedHashMap<>();
		for (String variable : VARIABLES) {
			if (answer.containsKey(variable)) {
				captured.put(variable, answer.getOrDefault(variable, ""));
			}
		}
		if (captured.containsKey("transaction_isolation")) {
			captured.remove("tx_isolation");
			captured.remove("tx_read_only");
		}
		Map<String, String> own = own();
		if (hasIgnoreSpaceOfDriver(answer)) {
			List<String> modes = new ArrayList<>(modes(answer.getOrDefault("sql_mode", "")));
			modes.remove(IGNORE_SPACE);
			own.put("sql_mode", String.join(",", modes));
		}
		Jdbc.execute(this.connection, set(own));
		Map<String, String> prepared = new LinkedHashMap<>(captured);
		prepared.putAll(own);
		return new SessionState(reset(prepared, answer), reset(captured, answer), List.of(),
				List.of(set(prepared), role(answer)))
			.as(new SessionState.Ourselves("", List.of(role(answer))));
	}

	private String captureQuery() {
		List<String> names = VARIABLES.stream().map(SqlDialect.MYSQL::literal).toList();
		return "SELECT variable_name, variable_value FROM " + this.flavor.variablesSchema() + ".session_variables"
				+ " WHERE variable_name IN (" + String.join(", ", names) + ") UNION ALL SELECT '" + DATABASE
				+ "', DATABASE() UNION ALL SELECT '" + ROLE + "', CURRENT_ROLE() UNION ALL SELECT '" + GLOBAL_SQL_MODE
				+ "', @@global.sql_mode";
	}

	/**
	 * MariaDB's driver asks for this mode when it connects. With it {@code CREATE TABLE
	 * count (…)} is refused, and routines are stored with it.
	 */
	private boolean hasIgnoreSpaceOfDriver(Map<String, String> answer) throws SQLException {
		return modes(answer.getOrDefault("sql_mode", "")).contains(IGNORE_SPACE)
				&& !modes(answer.getOrDefault(GLOBAL_SQL_MODE, "")).contains(IGNORE_SPACE)
				&& this.connection.getMetaData().getDriverName().startsWith("MariaDB");
	}

	private static List<String> modes(String list) {
		return List.of(list.split(","));
	}

	private Map<String, String> own() {
		Map<String, String> own = new LinkedHashMap<>();
		own.put("wait_timeout", "30");
		// The default is a year, for which a statement that waits for a table would keep
		// the lock after its client has died
		own.put("lock_wait_timeout", "3600");
		own.put(this.flavor.statementTimeLimit(), "0");
		if (this.galera) {
			// A query first waits for what was committed elsewhere
			own.put("wsrep_sync_wait", "1");
		}
		return own;
	}

	private List<String> reset(Map<String, String> variables, Map<String, String> answer) {
		List<String> statements = new ArrayList<>();
		// Commits only if tables are locked, which is to say not in a transaction
		statements.add("UNLOCK TABLES");
		statements.add(set(variables));
		statements.add(role(answer));
		String schema = answer.getOrDefault(DATABASE, "");
		if (!schema.isEmpty()) {
			statements.add("USE " + SqlDialect.MYSQL.quote(schema));
		}
		return statements;
	}

	private String role(Map<String, String> answer) {
		return "SET ROLE " + this.flavor.roleForSetting(answer.getOrDefault(ROLE, ""));
	}

	private static String set(Map<String, String> variables) {
		List<String> assignments = new ArrayList<>();
		variables.forEach((name, value) -> assignments.add(name + " = " + value(name, value)));
		return "SET SESSION " + String.join(", ", assignments);
	}

	private static String value(String name, String value) {
		if (value.isEmpty() && name.equals("character_set_results")) {
			return "NULL";
		}
		if (value.isEmpty() && name.equals("sql_mode")) {
			// As text it would be NULL where a migration has set EMPTY_STRING_IS_NULL.
			return "0";
		}
		return NUMBER.matcher(value).matches() ? value : SqlDialect.MYSQL.literal(value);
	}

}
