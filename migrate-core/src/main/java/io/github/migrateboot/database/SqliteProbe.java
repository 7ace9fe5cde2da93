package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks SQLite what it is, and refuses what must not be migrated.
 */
final class SqliteProbe {

	private SqliteProbe() {
	}

	static Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = ask(connection);
		if ("1".equals(answer.get(1))) {
			throw readOnly("PRAGMA query_only is on", "Switch it off for migrations.");
		}
		if (!Jdbc.text(answer, 2).isEmpty() && !acceptsWrites(connection)) {
			throw readOnly("its file may not be written to",
					"Open it for writing, and let the process write to the file and its folder.");
		}
		return server(connection, answer);
	}

	static Server look(Connection connection) throws SQLException {
		return server(connection, ask(connection));
	}

	private static List<@Nullable String> ask(Connection connection) throws SQLException {
		return Jdbc.onlyRow(connection,
				"SELECT sqlite_version(), (SELECT query_only FROM pragma_query_only), " + SqliteSessions.FILE);
	}

	private static Server server(Connection connection, List<@Nullable String> answer) throws SQLException {
		String file = Jdbc.text(answer, 2);
		return new Server(new Sqlite(), Jdbc.text(answer, 0), SqliteSessions.target(connection, file),
				file.isEmpty() ? SqliteSessions.reach(connection) : Server.Reach.SHARED);
	}

	/*
	 * Only a write tells, and it is rolled back: the reason may be the URL, the file's
	 * permissions or the file system. If another one is writing, so may we.
	 */
	private static boolean acceptsWrites(Connection connection) throws SQLException {
		String busyTimeout = SqliteSessions.value(connection, "busy_timeout");
		Jdbc.execute(connection, "PRAGMA busy_timeout = 0");
		try {
			Jdbc.execute(connection, "BEGIN");
			try {
				String userVersion = SqliteSessions.value(connection, "user_version");
				Jdbc.execute(connection, "PRAGMA user_version = " + userVersion);
				return true;
			}
			catch (SQLException ex) {
				return ex.getErrorCode() != SqliteErrors.READONLY;
			}
			finally {
				Jdbc.execute(connection, "ROLLBACK");
			}
		}
		finally {
			Jdbc.execute(connection, "PRAGMA busy_timeout = " + busyTimeout);
		}
	}

	private static UnsupportedDatabaseException readOnly(String cause, String action) {
		return new UnsupportedDatabaseException("The SQLite database is read-only: %s.".formatted(cause), action);
	}

}
