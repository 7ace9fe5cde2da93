package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.x.
 */
final class H2 implements Database {

	private static final String DESTINATION = "DATABASE_PATH(), DATABASE(), SCHEMA()";

	private static final Pattern REMOTE = Pattern.compile("jdbc:h2:(tcp|ssl):.*", Pattern.DOTALL);

	/** File systems that H2 keeps in the memory of its process. */
	private static final Pattern MEMORY = Pattern.compile("(split:\\d+:)?(memFS|memLZF|nioMemFS|nioMemLZF):.*",
			Pattern.DOTALL);

	private static final Set<Integer> MISSING = Set.of(42102, 42103, 42104, 90079);

	private static final int LOCK_TIMEOUT = 50200;

	/** Deadlock, concurrent update. */
	private static final Set<Integer> CONFLICTS = Set.of(40001, 90131);

	private static final Set<Integer> DENIED = Set.of(90096, 90040);

	private final LexicalSettings lexicalSettings;

	H2() {
		this(LexicalSettings.UNKNOWN);
	}

	private H2(LexicalSettings lexicalSettings) {
		this.lexicalSettings = lexicalSettings;
	}

	@Override
	public LexicalSettings lexicalSettings() {
		return this.lexicalSettings;
	}

	@Override
	public String id() {
		return "h2";
	}

	@Override
	public String displayName() {
		return "H2";
	}

	@Override
	public String quote(String identifier) {
		return Sql.quote(identifier, "\"");
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.H2;
	}

	@Override
	public boolean hasTransactionalDdl() {
		return false;
	}

	@Override
	public Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = Sql.row(connection,
				"SELECT " + DESTINATION + ", H2VERSION(), CAST(READONLY() AS VARCHAR),"
						+ " (SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'MODE')");
		String version = Sql.text(answer, 3);
		requireSupported(version);
		if (Boolean.parseBoolean(answer.get(4))) {
			throw new UnsupportedDatabaseException("The H2 database is open for reading only.",
					"Open it without ACCESS_MODE_DATA=r, and let the process write to its file.");
		}
		String mode = Sql.text(answer, 5);
		return new Server(new H2(new LexicalSettings(version, mode, mode)), version, destination(answer),
				reach(connection, answer.get(0)));
	}

	@Override
	public boolean migratesOnOwnConnection(Connection connection) throws SQLException {
		return reach(connection, Sql.row(connection, "SELECT DATABASE_PATH()").get(0)) == Server.Reach.SHARED;
	}

	static void requireSupported(String version) {
		if (version.startsWith("1.")) {
			throw new UnsupportedDatabaseException("The database is H2 %s, which is too old.".formatted(version),
					"H2 2.x is supported. Upgrade the driver, and the database with it.");
		}
	}

	private static Server.Reach reach(Connection connection, @Nullable String path) throws SQLException {
		boolean memory = path == null || MEMORY.matcher(path).matches();
		boolean remote = REMOTE.matcher(connection.getMetaData().getURL()).matches();
		return (memory && !remote) ? Server.Reach.THIS_PROCESS : Server.Reach.SHARED;
	}

	@Override
	public Destination destination(Connection connection) throws SQLException {
		return destination(Sql.row(connection, "SELECT " + DESTINATION));
	}

	private static Destination destination(List<@Nullable String> row) {
		String path = row.get(0);
		String database = Sql.text(row, 1);
		return new Destination((path != null) ? path : "mem:" + database, database, row.get(2));
	}

	@Override
	public TableName parseTableName(String configured) {
		return Sql.table(null, configured, configured);
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		return configured.in(Sql.row(connection, "SELECT SCHEMA()").get(0));
	}

	@Override
	public Map<String, String> connectionProperties(Instance instance, String driverName) {
		return Map.of();
	}

	@Override
	public SessionState prepareSession(Connection connection, Instance instance) throws SQLException {
		Map<String, String> captured = Sql.pairs(connection,
				"SELECT SETTING_NAME, SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
						+ " WHERE SETTING_NAME IN ('QUERY_TIMEOUT', 'TIME ZONE', 'VARIABLE_BINARY', 'NON_KEYWORDS',"
						+ " 'TRUNCATE_LARGE_LENGTH')"
						+ " UNION ALL SELECT 'LOCK_TIMEOUT', CAST(LOCK_TIMEOUT() AS VARCHAR)"
						+ " UNION ALL SELECT 'SCHEMA', SCHEMA()"
						+ " UNION ALL SELECT 'ISOLATION', ISOLATION_LEVEL FROM INFORMATION_SCHEMA.SESSIONS"
						+ " WHERE SESSION_ID = SESSION_ID()"
						+ " UNION ALL SELECT STATE_KEY, STATE_COMMAND FROM INFORMATION_SCHEMA.SESSION_STATE"
						+ " WHERE STATE_KEY = 'SCHEMA_SEARCH_PATH'");
		Sql.execute(connection, "SET QUERY_TIMEOUT 0");
		List<String> original = reset(captured, captured.getOrDefault("query_timeout", "0"));
		// Commits, so it is not for between migrations
		original.add("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL "
				+ captured.getOrDefault("isolation", "READ COMMITTED"));
		return new SessionState(reset(captured, "0"), original);
	}

	private List<String> reset(Map<String, String> captured, String queryTimeout) {
		String schema = quote(captured.getOrDefault("schema", "PUBLIC"));
		List<String> statements = new ArrayList<>();
		statements.add("SET QUERY_TIMEOUT " + queryTimeout);
		statements.add("SET LOCK_TIMEOUT " + captured.getOrDefault("lock_timeout", "2000"));
		statements.add("SET NON_KEYWORDS " + captured.getOrDefault("non_keywords", ""));
		statements.add("SET VARIABLE_BINARY " + captured.getOrDefault("variable_binary", "FALSE"));
		statements.add("SET TRUNCATE_LARGE_LENGTH " + captured.getOrDefault("truncate_large_length", "FALSE"));
		statements.add("SET TIME ZONE " + Sql.literal(captured.getOrDefault("time zone", "UTC")));
		statements.add("SET SCHEMA " + schema);
		// An empty search path cannot be set; the current schema is searched anyway
		statements.add(captured.getOrDefault("schema_search_path", "SET SCHEMA_SEARCH_PATH " + schema));
		return statements;
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == LOCK_TIMEOUT);
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return Sql.any(error, (one) -> CONFLICTS.contains(one.getErrorCode()));
	}

	@Override
	public String limitLockWait(Duration timeout, boolean local) {
		return "SET LOCK_TIMEOUT " + Sql.millis(timeout);
	}

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return Blockers.ofH2(Long.parseLong(Sql.text(Sql.row(connection, "SELECT SESSION_ID()"), 0)));
	}

	@Override
	public boolean isMissingTable(SQLException error) {
		return Sql.any(error, (one) -> MISSING.contains(one.getErrorCode()));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return Sql.any(error, (one) -> DENIED.contains(one.getErrorCode()));
	}

}
