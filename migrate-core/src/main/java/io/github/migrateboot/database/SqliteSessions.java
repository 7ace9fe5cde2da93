package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions of SQLite.
 */
final class SqliteSessions implements Sessions {

	static final String FILE = "(SELECT file FROM pragma_database_list WHERE name = 'main')";

	/** Those of them that may be set in a transaction too. */
	private static final List<String> PRAGMAS = List.of("foreign_keys", "defer_foreign_keys",
			"ignore_check_constraints", "recursive_triggers", "legacy_alter_table", "query_only", "writable_schema",
			"trusted_schema", "cell_size_check", "read_uncommitted", "reverse_unordered_selects");

	/** How long a statement waits for other writers; the driver's 3 s are too short. */
	private static final String BUSY_TIMEOUT = "60000";

	/**
	 * Another connection would not see an in-memory database, and could not write beside
	 * the application's.
	 */
	@Override
	public boolean needOwnConnection(Connection connection) {
		return false;
	}

	@Override
	public ConnectionTarget target(Connection connection) throws SQLException {
		return target(Jdbc.text(Jdbc.onlyRow(connection, "SELECT " + FILE), 0));
	}

	/**
	 * Return what leads to a file, or to memory if its name is empty.
	 */
	static ConnectionTarget target(String file) {
		return new ConnectionTarget(file.isEmpty() ? ":memory:" : file, "main", null);
	}

	@Override
	public SessionState prepare(Connection connection, Instance instance) throws SQLException {
		String busyTimeout = value(connection, "busy_timeout");
		Jdbc.execute(connection, "PRAGMA busy_timeout = " + BUSY_TIMEOUT);
		List<String> reset = new ArrayList<>();
		for (String pragma : PRAGMAS) {
			reset.add("PRAGMA " + pragma + " = " + value(connection, pragma));
		}
		List<String> original = new ArrayList<>(reset);
		original.add("PRAGMA busy_timeout = " + busyTimeout);
		original.add("PRAGMA synchronous = " + value(connection, "synchronous"));
		reset.add("PRAGMA busy_timeout = " + BUSY_TIMEOUT);
		// Only a pragma changes a pragma, and nothing waits before the commit.
		return new SessionState(reset, original, List.of(), List.of());
	}

	static String value(Connection connection, String pragma) throws SQLException {
		return Jdbc.text(Jdbc.onlyRow(connection, "PRAGMA " + pragma), 0);
	}

}
