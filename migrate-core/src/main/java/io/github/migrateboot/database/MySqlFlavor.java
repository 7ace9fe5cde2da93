package io.github.migrateboot.database;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What differs between MySQL and MariaDB.
 */
enum MySqlFlavor {

	/**
	 * MySQL 8.4 or later.
	 */
	MYSQL("mysql", "MySQL", "8.4", "performance_schema", "performance_schema.processlist", "max_execution_time") {

		@Override
		String serverExpression() {
			return "@@server_uuid";
		}

		@Override
		String readOnlyExpression() {
			return "IF(@@global.super_read_only, 'super_read_only', IF(@@global.read_only, 'read_only',"
					+ " IF(@@innodb_read_only, 'innodb_read_only',"
					+ " IF(@@session.transaction_read_only, 'transaction_read_only', ''))))";
		}

		@Override
		String progressQuery() {
			return "SELECT SUBSTRING_INDEX(s.event_name, '/', -1), s.work_completed, s.work_estimated"
					+ " FROM performance_schema.events_stages_current s JOIN performance_schema.threads t"
					+ " ON t.thread_id = s.thread_id WHERE t.processlist_id = ?";
		}

		@Override
		@Nullable TimeLimit timeLimit(Duration timeout) {
			// max_execution_time is for SELECT only
			return null;
		}

		@Override
		String roleForSetting(String currentRole) {
			// Already quoted, or NONE
			return currentRole;
		}

		@Override
		boolean supports(int major, int minor) {
			return major > 8 || (major == 8 && minor >= 4);
		}

	},

	/**
	 * MariaDB 10.6 or later.
	 */
	MARIADB("mariadb", "MariaDB", "10.6", "information_schema", "information_schema.processlist",
			"max_statement_time") {

		@Override
		String serverExpression() {
			// The nodes of a Galera cluster are one server: a connection may lead to any
			// of them. There is no @@server_uuid, and server_uid only in newer releases
			return "COALESCE((SELECT CONCAT('Galera cluster ', NULLIF(variable_value,"
					+ " '00000000-0000-0000-0000-000000000000'))"
					+ " FROM information_schema.global_status WHERE variable_name = 'wsrep_cluster_state_uuid'), "
					+ "CONCAT(@@hostname, ':', @@port, ' ', @@server_id, ' ', @@datadir, ' ', COALESCE("
					+ "(SELECT variable_value FROM information_schema.global_variables"
					+ " WHERE variable_name = 'server_uid'), '-')))";
		}

		@Override
		String readOnlyExpression() {
			return "IF(@@global.read_only, 'read_only', IF(@@innodb_read_only, 'innodb_read_only',"
					+ " IF(@@session.tx_read_only, 'tx_read_only', '')))";
		}

		@Override
		String progressQuery() {
			// In thousandths, as a part of the whole statement.
			return "SELECT state, CAST((stage - 1 + progress / 100) * 1000 AS SIGNED), max_stage * 1000"
					+ " FROM information_schema.processlist WHERE id = ? AND max_stage > 0";
		}

		@Override
		TimeLimit timeLimit(Duration timeout) {
			String limit = BigDecimal.valueOf(RoundedUp.millis(timeout), 3).toPlainString();
			// A limit that the migration has set by itself stays.
			return new TimeLimit(change("0", limit), change(limit, "0"));
		}

		private static String change(String from, String to) {
			return "SET SESSION max_statement_time = IF(@@max_statement_time = " + from + ", " + to
					+ ", @@max_statement_time)";
		}

		@Override
		String roleForSetting(String currentRole) {
			return currentRole.isEmpty() ? "NONE" : SqlDialect.MYSQL.quote(currentRole);
		}

		@Override
		boolean supports(int major, int minor) {
			return major > 10 || (major == 10 && minor >= 6);
		}

	};

	private final String id;

	private final String displayName;

	private final String oldest;

	private final String variablesSchema;

	private final String sessionsTable;

	private final String statementTimeLimit;

	MySqlFlavor(String id, String displayName, String oldest, String variablesSchema, String sessionsTable,
			String statementTimeLimit) {
		this.id = id;
		this.displayName = displayName;
		this.oldest = oldest;
		this.variablesSchema = variablesSchema;
		this.sessionsTable = sessionsTable;
		this.statementTimeLimit = statementTimeLimit;
	}

	/**
	 * Return which of the two a server is, by its version.
	 */
	static MySqlFlavor of(String version) {
		return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
	}

	String id() {
		return this.id;
	}

	String displayName() {
		return this.displayName;
	}

	/**
	 * Return the oldest version that is supported.
	 */
	String oldest() {
		return this.oldest;
	}

	/**
	 * Return the schema that shows the variables as tables, to everybody.
	 */
	String variablesSchema() {
		return this.variablesSchema;
	}

	/**
	 * Return the table of the sessions, of which everybody sees those of the own account.
	 */
	String sessionsTable() {
		return this.sessionsTable;
	}

	/**
	 * Return the variable that limits the time of a statement.
	 */
	String statementTimeLimit() {
		return this.statementTimeLimit;
	}

	/**
	 * Return an expression that identifies the server.
	 */
	abstract String serverExpression();

	/**
	 * Return an expression that names the setting by which the server or the session is
	 * read-only, empty if it is writable.
	 */
	abstract String readOnlyExpression();

	/**
	 * Return the query for phase, work done and work in all of a session.
	 */
	abstract String progressQuery();

	/**
	 * Return how the server limits the time of every kind of statement, or {@code null}
	 * if it can't.
	 */
	abstract @Nullable TimeLimit timeLimit(Duration timeout);

	/**
	 * Return the value of {@code CURRENT_ROLE()} as {@code SET ROLE} takes it.
	 */
	abstract String roleForSetting(String currentRole);

	/**
	 * Return whether a version is new enough.
	 */
	abstract boolean supports(int major, int minor);

}
