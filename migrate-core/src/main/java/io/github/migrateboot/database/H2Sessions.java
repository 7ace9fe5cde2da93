package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Sessions of H2.
 */
final class H2Sessions implements Sessions {

	static final String TARGET = "DATABASE_PATH(), DATABASE(), SCHEMA()";

	private static final Pattern REMOTE = Pattern.compile("jdbc:h2:(tcp|ssl):.*", Pattern.DOTALL);

	/** File systems that H2 keeps in the memory of its process. */
	private static final Pattern MEMORY = Pattern.compile("(split:\\d+:)?(memFS|memLZF|nioMemFS|nioMemLZF):.*",
			Pattern.DOTALL);

	@Override
	public boolean needOwnConnection(Connection connection) throws SQLException {
		return isShared(connection, Jdbc.onlyRow(connection, "SELECT DATABASE_PATH()").get(0));
	}

	/**
	 * Return whether other processes can reach the database.
	 */
	static boolean isShared(Connection connection, @Nullable String path) throws SQLException {
		boolean memory = path == null || MEMORY.matcher(path).matches();
		return !memory || REMOTE.matcher(connection.getMetaData().getURL()).matches();
	}

	@Override
	public ConnectionTarget target(Connection connection) throws SQLException {
		return target(Jdbc.onlyRow(connection, "SELECT " + TARGET));
	}

	/**
	 * Read a row that begins with {@link #TARGET}.
	 */
	static ConnectionTarget target(List<@Nullable String> row) {
		String path = row.get(0);
		String database = Jdbc.text(row, 1);
		return new ConnectionTarget((path != null) ? path : "mem:" + database, database, row.get(2));
	}

	@Override
	public SessionState prepare(Connection connection, Instance instance) throws SQLException {
		Map<String, String> captured = Jdbc.pairs(connection,
				"SELECT SETTING_NAME, SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
						+ " WHERE SETTING_NAME IN ('QUERY_TIMEOUT', 'TIME ZONE', 'VARIABLE_BINARY', 'NON_KEYWORDS',"
						+ " 'TRUNCATE_LARGE_LENGTH')"
						+ " UNION ALL SELECT 'LOCK_TIMEOUT', CAST(LOCK_TIMEOUT() AS VARCHAR)"
						+ " UNION ALL SELECT 'SCHEMA', SCHEMA()"
						+ " UNION ALL SELECT 'ISOLATION', ISOLATION_LEVEL FROM INFORMATION_SCHEMA.SESSIONS"
						+ " WHERE SESSION_ID = SESSION_ID()"
						+ " UNION ALL SELECT STATE_KEY, STATE_COMMAND FROM INFORMATION_SCHEMA.SESSION_STATE"
						+ " WHERE STATE_KEY = 'SCHEMA_SEARCH_PATH'");
		Jdbc.execute(connection, "SET QUERY_TIMEOUT 0");
		List<String> original = reset(captured, captured.getOrDefault("query_timeout", "0"));
		// Commits, so it is not for between migrations
		original.add("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL "
				+ captured.getOrDefault("isolation", "READ COMMITTED"));
		return new SessionState(reset(captured, "0"), original);
	}

	private static List<String> reset(Map<String, String> captured, String queryTimeout) {
		String schema = SqlDialect.H2.quote(captured.getOrDefault("schema", "PUBLIC"));
		List<String> statements = new ArrayList<>();
		statements.add("SET QUERY_TIMEOUT " + queryTimeout);
		statements.add("SET LOCK_TIMEOUT " + captured.getOrDefault("lock_timeout", "2000"));
		statements.add("SET NON_KEYWORDS " + captured.getOrDefault("non_keywords", ""));
		statements.add("SET VARIABLE_BINARY " + captured.getOrDefault("variable_binary", "FALSE"));
		statements.add("SET TRUNCATE_LARGE_LENGTH " + captured.getOrDefault("truncate_large_length", "FALSE"));
		statements.add("SET TIME ZONE " + SqlDialect.H2.literal(captured.getOrDefault("time zone", "UTC")));
		statements.add("SET SCHEMA " + schema);
		// An empty search path cannot be set; the current schema is searched anyway
		statements.add(captured.getOrDefault("schema_search_path", "SET SCHEMA_SEARCH_PATH " + schema));
		return statements;
	}

}
