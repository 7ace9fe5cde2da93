package io.github.migrateboot.database;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;

/**
 * MariaDB 10.6 or later.
 */
final class MariaDb extends MySqlFamily {

	private static final int STATEMENT_TIMEOUT = 1969;

	private static final String NO_CLUSTER = "00000000-0000-0000-0000-000000000000";

	private final boolean galera;

	MariaDb() {
		this(false, LexicalSettings.UNKNOWN);
	}

	private MariaDb(boolean galera, LexicalSettings lexicalSettings) {
		super(lexicalSettings);
		this.galera = galera;
	}

	@Override
	MySqlFamily with(LexicalSettings settings) {
		return new MariaDb(this.galera, settings);
	}

	@Override
	public boolean hasSeveralWriters() {
		return this.galera;
	}

	@Override
	MySqlFamily onGalera() {
		return new MariaDb(true, lexicalSettings());
	}

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
		// The nodes of a Galera cluster are one server: a connection may lead to any of
		// them.
		// There is no @@server_uuid, and server_uid only in newer releases
		return "COALESCE((SELECT CONCAT('Galera cluster ', NULLIF(variable_value, '" + NO_CLUSTER
				+ "')) FROM information_schema.global_status WHERE variable_name = 'wsrep_cluster_state_uuid'), "
				+ "CONCAT(@@hostname, ':', @@port, ' ', @@server_id, ' ', @@datadir, ' ', COALESCE("
				+ "(SELECT variable_value FROM information_schema.global_variables"
				+ " WHERE variable_name = 'server_uid'), '')))";
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
	String sessionsTable() {
		return "information_schema.processlist";
	}

	@Override
	String progressQuery() {
		// In thousandths, as a part of the whole statement.
		return "SELECT state, CAST((stage - 1 + progress / 100) * 1000 AS SIGNED), max_stage * 1000"
				+ " FROM information_schema.processlist WHERE id = ? AND max_stage > 0";
	}

	@Override
	String statementTimeLimit() {
		return "max_statement_time";
	}

	@Override
	public TimeLimit timeLimit(Duration timeout) {
		String limit = BigDecimal.valueOf(Sql.millis(timeout), 3).toPlainString();
		// A limit that the migration has set by itself stays.
		return new TimeLimit(change("0", limit), change(limit, "0"));
	}

	private static String change(String from, String to) {
		return "SET SESSION max_statement_time = IF(@@max_statement_time = " + from + ", " + to
				+ ", @@max_statement_time)";
	}

	@Override
	public boolean isTimeLimit(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == STATEMENT_TIMEOUT);
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
