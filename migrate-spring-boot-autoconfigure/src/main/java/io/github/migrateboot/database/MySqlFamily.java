package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL and MariaDB have in common.
 */
abstract class MySqlFamily implements Database {

	private static final int LOCK_WAIT_TIMEOUT = 1205;

	private static final int DEADLOCK = 1213;

	private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227, 1370);

	/** The servers keep 64 characters of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 56;

	private final LexicalSettings lexicalSettings;

	MySqlFamily(LexicalSettings lexicalSettings) {
		this.lexicalSettings = lexicalSettings;
	}

	@Override
	public LexicalSettings lexicalSettings() {
		return this.lexicalSettings;
	}

	/**
	 * Return the same with what the server said about how it reads SQL.
	 */
	abstract MySqlFamily with(LexicalSettings settings);

	static boolean isMariaDb(String version) {
		return version.toLowerCase(Locale.ROOT).contains("mariadb");
	}

	/**
	 * Return the same as a node of a Galera cluster, or refuse it.
	 */
	abstract MySqlFamily onGalera();

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
	 * Return the schema that shows the variables as tables, to everybody.
	 */
	abstract String variablesSchema();

	/**
	 * Return the table of the sessions, of which everybody sees those of the own account.
	 */
	abstract String sessionsTable();

	/**
	 * Return the query for phase, work done and work in all of a session.
	 */
	abstract String progressQuery();

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(progressQuery())) {
			query.setLong(1, session);
			try (ResultSet row = query.executeQuery()) {
				return (row.next() && row.getString(1) != null && row.getLong(2) > 0)
						? StatementProgress.of(row.getString(1), row.getLong(2), row.getLong(3)) : null;
			}
		}
	}

	/**
	 * Return the variable that limits the time of a statement.
	 */
	abstract String statementTimeLimit();

	/**
	 * Return the value of {@code CURRENT_ROLE()} as {@code SET ROLE} takes it.
	 */
	abstract String roleForSetting(String currentRole);

	/**
	 * Return whether a version is new enough.
	 */
	abstract boolean supports(int major, int minor);

	/**
	 * Return the oldest version that is supported.
	 */
	abstract String oldest();

	@Override
	public String quote(String identifier) {
		return Sql.quote(identifier, "`");
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.MYSQL;
	}

	@Override
	public boolean hasTransactionalDdl() {
		return false;
	}

	@Override
	public Server probe(Connection connection) throws SQLException {
		return new MySqlProbe(this, connection).probe();
	}

	String destinationColumns() {
		return serverExpression() + ", DATABASE(), NULL";
	}

	@Override
	public Destination destination(Connection connection) throws SQLException {
		return destination(Sql.row(connection, "SELECT " + destinationColumns()), 0);
	}

	static Destination destination(List<@Nullable String> row, int from) {
		String database = row.get(from + 1);
		if (database == null) {
			throw noDatabase();
		}
		return new Destination(Sql.text(row, from), database, null);
	}

	private static InvalidSettingException noDatabase() {
		return new InvalidSettingException(
				"The connection has no default database, so it is not known where the " + "migrations belong.",
				"Name the database in the URL, as in jdbc:mysql://localhost/orders.");
	}

	@Override
	public TableName parseTableName(String configured) {
		TableName name = Sql.table(null, configured, configured);
		Sql.requireLength(configured.length(), LONGEST_NAME, "characters", configured);
		return name;
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		String database = Sql.row(connection, "SELECT DATABASE()").get(0);
		if (database == null) {
			throw noDatabase();
		}
		return configured.in(database);
	}

	@Override
	public Map<String, String> connectionProperties(Instance instance, String driverName) {
		if (!driverName.startsWith("MySQL Connector/J") && !driverName.startsWith("MariaDB Connector/J")) {
			return Map.of();
		}
		// Commas and colons separate the attributes
		String label = instance.label().replaceAll("[,:]", "_");
		long now = Instant.now().getEpochSecond();
		Map<String, String> properties = new HashMap<>(Map.of("tcpKeepAlive", "true"));
		properties.put("connectionAttributes", "migrate_instance:" + label + ",migrate_since:" + now);
		if (driverName.startsWith("MySQL")) {
			// Otherwise the driver asks before each statement whether the session is
			// read-only
			properties.put("readOnlyPropagatesToServer", "false");
		}
		return properties;
	}

	@Override
	public SessionState prepareSession(Connection connection, Instance instance) throws SQLException {
		return new MySqlSession(this, connection).prepare();
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == LOCK_WAIT_TIMEOUT);
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == DEADLOCK);
	}

	@Override
	public String limitLockWait(Duration timeout, boolean local) {
		long seconds = Sql.seconds(timeout);
		return "SET SESSION lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds;
	}

	@Override
	public boolean undoesFailedStatements(Connection connection) throws SQLException {
		return "0".equals(Sql.text(Sql.row(connection,
				"SELECT COUNT(*) FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine"
						+ " WHERE t.table_type = 'BASE TABLE' AND e.transactions <> 'YES' AND t.table_schema NOT IN"
						+ " ('mysql', 'sys', 'information_schema', 'performance_schema')"),
				0));
	}

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return Blockers.ofMySql(Long.parseLong(Sql.text(Sql.row(connection, "SELECT CONNECTION_ID()"), 0)));
	}

	@Override
	public boolean isMissingTable(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == 1146);
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return Sql.any(error, (one) -> DENIED.contains(one.getErrorCode()));
	}

}
