package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * SQLite.
 */
final class Sqlite implements Database {

	private static final int ERROR = 1;

	private static final int BUSY = 5;

	private static final int LOCKED = 6;

	private static final int READONLY = 8;

	/** SQLITE_PERM, SQLITE_READONLY and SQLITE_AUTH. */
	private static final Set<Integer> DENIED = Set.of(3, READONLY, 23);

	private static final String FILE = "(SELECT file FROM pragma_database_list WHERE name = 'main')";

	/** Those of them that may be set in a transaction too. */
	private static final List<String> PRAGMAS = List.of("foreign_keys", "defer_foreign_keys",
			"ignore_check_constraints", "recursive_triggers", "legacy_alter_table", "query_only", "writable_schema",
			"trusted_schema", "cell_size_check", "read_uncommitted", "reverse_unordered_selects");

	/** How long a statement waits for other writers; the driver's 3 s are too short. */
	private static final String BUSY_TIMEOUT = "60000";

	@Override
	public String id() {
		return "sqlite";
	}

	@Override
	public String displayName() {
		return "SQLite";
	}

	@Override
	public String quote(String identifier) {
		return Sql.quote(identifier, "\"");
	}

	@Override
	public SqlSyntax syntax() {
		return SqlSyntax.SQLITE;
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.SQLITE;
	}

	@Override
	public boolean hasTransactionalDdl() {
		return true;
	}

	@Override
	public Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = Sql.row(connection,
				"SELECT sqlite_version(), (SELECT query_only FROM pragma_query_only), " + FILE);
		if ("1".equals(answer.get(1))) {
			throw readOnly("PRAGMA query_only is on", "Switch it off for migrations.");
		}
		String file = (answer.get(2) != null) ? Sql.text(answer, 2) : "";
		if (!file.isEmpty() && !acceptsWrites(connection)) {
			throw readOnly("its file may not be written to",
					"Open it for writing, and let the process write to the file and its folder.");
		}
		return new Server(this, Sql.text(answer, 0), destination(file),
				file.isEmpty() ? Server.Reach.THIS_PROCESS : Server.Reach.SHARED);
	}

	/*
	 * Only a write tells, and it is rolled back: the reason may be the URL, the file's
	 * permissions or the file system. If another one is writing, so may we.
	 */
	private static boolean acceptsWrites(Connection connection) throws SQLException {
		String busyTimeout = value(connection, "busy_timeout");
		String userVersion = value(connection, "user_version");
		Sql.execute(connection, "PRAGMA busy_timeout = 0");
		try {
			Sql.execute(connection, "BEGIN");
			try {
				Sql.execute(connection, "PRAGMA user_version = " + userVersion);
				return true;
			}
			catch (SQLException ex) {
				return ex.getErrorCode() != READONLY;
			}
			finally {
				Sql.execute(connection, "ROLLBACK");
			}
		}
		finally {
			Sql.execute(connection, "PRAGMA busy_timeout = " + busyTimeout);
		}
	}

	private static UnsupportedDatabaseException readOnly(String cause, String action) {
		return new UnsupportedDatabaseException("The SQLite database is read-only: %s.".formatted(cause), action);
	}

	@Override
	public boolean migratesOnOwnConnection(Connection connection) {
		return false;
	}

	@Override
	public ConnectionTarget destination(Connection connection) throws SQLException {
		String file = Sql.row(connection, "SELECT " + FILE).get(0);
		return destination((file != null) ? file : "");
	}

	private static ConnectionTarget destination(String file) {
		return new ConnectionTarget(file.isEmpty() ? ":memory:" : file, "main", null);
	}

	@Override
	public TableName parseTableName(String configured) {
		return Sql.table(null, configured, configured);
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) {
		return configured.in("main");
	}

	@Override
	public Map<String, String> connectionProperties(Instance instance, String driverName) {
		return Map.of();
	}

	@Override
	public SessionState prepareSession(Connection connection, Instance instance) throws SQLException {
		List<String> reset = new ArrayList<>();
		for (String pragma : PRAGMAS) {
			reset.add("PRAGMA " + pragma + " = " + value(connection, pragma));
		}
		List<String> original = new ArrayList<>(reset);
		original.add("PRAGMA busy_timeout = " + value(connection, "busy_timeout"));
		original.add("PRAGMA synchronous = " + value(connection, "synchronous"));
		reset.add("PRAGMA busy_timeout = " + BUSY_TIMEOUT);
		Sql.execute(connection, "PRAGMA busy_timeout = " + BUSY_TIMEOUT);
		// Only a pragma changes a pragma, and nothing waits before the commit.
		return new SessionState(reset, original, List.of(), List.of());
	}

	private static String value(Connection connection, String pragma) throws SQLException {
		return Sql.text(Sql.row(connection, "PRAGMA " + pragma), 0);
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return Sql.any(error, (one) -> {
			// The rest of the number says why
			int code = one.getErrorCode() & 0xFF;
			return code == BUSY || code == LOCKED;
		});
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return false;
	}

	@Override
	public String limitLockWait(Duration timeout, boolean local) {
		return "PRAGMA busy_timeout = " + Sql.millis(timeout);
	}

	@Override
	public boolean isMissingTable(SQLException error) {
		return Sql.any(error, (one) -> one.getErrorCode() == ERROR && one.getMessage() != null
				&& one.getMessage().contains("no such table"));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return Sql.any(error, (one) -> DENIED.contains(one.getErrorCode()));
	}

}
