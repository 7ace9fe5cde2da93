package io.github.migrateboot.database;

/**
 * MariaDB 10.6 or later.
 */
final class MariaDb extends MySqlFamily {

	@Override
	public String id() {
		return "mariadb";
	}

	@Override
	public String displayName() {
		return "MariaDB";
	}

	@Override
	String serverExpression() {
		// There is no @@server_uuid, and server_uid only in newer releases
		return "CONCAT(@@hostname, ':', @@port, ' ', @@server_id, ' ', @@datadir, ' ', COALESCE("
				+ "(SELECT variable_value FROM information_schema.global_variables"
				+ " WHERE variable_name = 'server_uid'), ''))";
	}

	@Override
	String readOnlyExpression() {
		return "IF(@@global.read_only, 'read_only', IF(@@innodb_read_only, 'innodb_read_only',"
				+ " IF(@@session.tx_read_only, 'tx_read_only', '')))";
	}

	@Override
	String variablesSchema() {
		return "information_schema";
	}

	@Override
	String statementTimeLimit() {
		return "max_statement_time";
	}

	@Override
	String roleForSetting(String currentRole) {
		return currentRole.isEmpty() ? "NONE" : quote(currentRole);
	}

	@Override
	boolean supports(int major, int minor) {
		return major > 10 || (major == 10 && minor >= 6);
	}

	@Override
	String oldest() {
		return "10.6";
	}

}
