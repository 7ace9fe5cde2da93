package io.github.migrateboot.database;

import io.github.migrateboot.failure.UnsupportedDatabaseException;

/**
 * MySQL 8.4 or later.
 */
final class MySql extends MySqlFamily {

	MySql() {
		this(LexicalSettings.UNKNOWN);
	}

	private MySql(LexicalSettings lexicalSettings) {
		super(lexicalSettings);
	}

	@Override
	MySqlFamily with(LexicalSettings settings) {
		return new MySql(settings);
	}

	@Override
	public String id() {
		return "mysql";
	}

	@Override
	public String displayName() {
		return "MySQL";
	}

	@Override
	MySqlFamily onGalera() {
		throw new UnsupportedDatabaseException(
				"The server is a node of a Galera cluster (wsrep_on is ON), on which GET_LOCK is local to a node: "
						+ "two instances connected to two nodes would migrate at once.",
				"Run the migrations against a server that is not part of a Galera cluster, or use MariaDB Galera.");
	}

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
	String variablesSchema() {
		return "performance_schema";
	}

	@Override
	String sessionsTable() {
		return "performance_schema.processlist";
	}

	@Override
	String progressQuery() {
		return "SELECT SUBSTRING_INDEX(s.event_name, '/', -1), s.work_completed, s.work_estimated"
				+ " FROM performance_schema.events_stages_current s JOIN performance_schema.threads t"
				+ " ON t.thread_id = s.thread_id WHERE t.processlist_id = ?";
	}

	@Override
	String statementTimeLimit() {
		return "max_execution_time";
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

	@Override
	String oldest() {
		return "8.4";
	}

}
