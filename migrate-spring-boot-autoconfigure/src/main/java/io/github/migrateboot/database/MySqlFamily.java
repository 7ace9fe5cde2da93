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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL and MariaDB have in common.
 */
abstract class MySqlFamily implements Database {

	private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?(\\d+)\\.(\\d+).*", Pattern.DOTALL);

	private static final Pattern LOOK_ALIKES = Pattern
		.compile("TiDB|Vitess|PlanetScale|SingleStore|MemSQL|OceanBase|Doris|StarRocks|Dolt|TDDL|PolarDB-X|ClickHouse"
				+ "|MySQL Cluster|-cluster", Pattern.CASE_INSENSITIVE);

	private static final int LOCK_WAIT_TIMEOUT = 1205;

	private static final int DEADLOCK = 1213;

	private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227, 1370);

	/** The servers keep 64 characters of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 56;

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
		List<@Nullable String> answer;
		try {
			answer = Sql.row(connection, probeQuery());
		}
		catch (SQLException ex) {
			// A look-alike, an old version or the other one of the two need not know all
			// of
			// it
			List<@Nullable String> product = Sql.row(connection, "SELECT VERSION(), @@version_comment");
			MySqlFamily actual = recognize(product);
			if (actual.getClass() != getClass()) {
				return actual.probe(connection);
			}
			throw ex;
		}
		MySqlFamily actual = recognize(answer);
		if (actual.getClass() != getClass()) {
			return actual.probe(connection);
		}
		List<String> signs = List.of(Sql.text(answer, 5).split(","));
		requireOneWriter(connection, signs);
		requireWritable(Sql.text(answer, 6));
		SessionProbe session = new MySqlSessionProbe(this, Long.parseLong(Sql.text(answer, 7)), Sql.text(answer, 2),
				Sql.text(answer, 8), System.nanoTime());
		return new Server(signs.contains("wsrep_on") ? onGalera() : this, Sql.text(answer, 0), destination(answer, 2),
				Server.Reach.SHARED, session);
	}

	private String probeQuery() {
		return "SELECT VERSION(), @@version_comment, " + destinationColumns() + ", " + statusColumns()
				+ ", CONNECTION_ID(), CURRENT_USER()";
	}

	private String destinationColumns() {
		return serverExpression() + ", DATABASE(), NULL";
	}

	private String statusColumns() {
		return "(SELECT GROUP_CONCAT(LOWER(variable_name)) FROM " + variablesSchema() + ".global_variables"
				+ " WHERE (variable_name = 'wsrep_on' AND variable_value = 'ON')"
				+ " OR (variable_name = 'group_replication_single_primary_mode' AND variable_value = 'OFF')"
				+ " OR (variable_name = 'group_replication_group_name' AND variable_value <> '')), "
				+ readOnlyExpression();
	}

	@Override
	public Destination destination(Connection connection) throws SQLException {
		return destination(Sql.row(connection, "SELECT " + destinationColumns()), 0);
	}

	private static Destination destination(List<@Nullable String> row, int from) {
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

	private static MySqlFamily recognize(List<@Nullable String> product) {
		return recognize(Sql.text(product, 0), String.valueOf(product.get(1)));
	}

	/**
	 * Return which of the two a server is, by its own words.
	 */
	static MySqlFamily recognize(String version, String comment) {
		if (LOOK_ALIKES.matcher(version).find() || LOOK_ALIKES.matcher(comment).find()) {
			throw new UnsupportedDatabaseException(
					"The server speaks MySQL's protocol but says that it is '%s' (%s). ".formatted(version, comment)
							+ "On such servers GET_LOCK is missing or does not reach every node, so two instances "
							+ "could migrate at once.",
					"Use MySQL 8.4 or later or MariaDB 10.6 or later.");
		}
		MySqlFamily database = isMariaDb(version) ? new MariaDb() : new MySql();
		Matcher matcher = VERSION.matcher(version);
		if (!matcher.matches()
				|| !database.supports(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))) {
			throw new UnsupportedDatabaseException(
					"The server is %s %s, which is too old.".formatted(database.displayName(), version),
					"%s %s or later is supported. Upgrade the server.".formatted(database.displayName(),
							database.oldest()));
		}
		return database;
	}

	private void requireOneWriter(Connection connection, List<String> signs) throws SQLException {
		if (signs.contains("group_replication_single_primary_mode") && signs.contains("group_replication_group_name")
				&& isMember(connection)) {
			throw new UnsupportedDatabaseException(
					"The server is a member of a replication group in multi-primary mode "
							+ "(group_replication_single_primary_mode is OFF), in which GET_LOCK is local to a member: "
							+ "two instances connected to two members would migrate at once.",
					"Switch the group to single-primary mode.");
		}
	}

	private boolean isMember(Connection connection) throws SQLException {
		try {
			return !"0"
				.equals(Sql.text(Sql.row(connection, "SELECT COUNT(*) FROM performance_schema.replication_group_members"
						+ " WHERE member_id = @@server_uuid AND member_state <> 'OFFLINE'"), 0));
		}
		catch (SQLException ex) {
			if (isPermissionDenied(ex)) {
				// It cannot be seen that the member is offline, so it may be online
				return true;
			}
			throw ex;
		}
	}

	private void requireWritable(String setting) {
		if (!setting.isEmpty()) {
			String description = "The %s server refuses to write: %s is ON.".formatted(displayName(), setting);
			if (setting.startsWith("transaction") || setting.startsWith("tx_")) {
				throw new UnsupportedDatabaseException(description,
						"Switch it off for migrations; the pool, its init SQL or the URL sets the session to read-only.");
			}
			throw new ReadOnlyDatabaseException(description,
					"Connect to the primary, or switch %s off.".formatted(setting));
		}
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
