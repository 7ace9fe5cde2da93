package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Asks H2 what it is, and refuses what must not be migrated.
 */
final class H2Probe {

	private H2Probe() {
	}

	static Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = ask(connection);
		Server server = server(connection, answer);
		if (Boolean.parseBoolean(answer.get(4))) {
			throw new UnsupportedDatabaseException("The H2 database is open for reading only.",
					"Open it without ACCESS_MODE_DATA=r, and let the process write to its file.");
		}
		return server;
	}

	static Server look(Connection connection) throws SQLException {
		return server(connection, ask(connection));
	}

	private static List<@Nullable String> ask(Connection connection) throws SQLException {
		return Jdbc.onlyRow(connection, "SELECT " + H2Sessions.TARGET + ", H2VERSION(), CAST(READONLY() AS VARCHAR),"
				+ " (SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'MODE')");
	}

	private static Server server(Connection connection, List<@Nullable String> answer) throws SQLException {
		String version = Jdbc.text(answer, 3);
		requireSupported(version);
		String mode = Jdbc.text(answer, 5);
		return new Server(new H2(new SqlRules(SqlSyntax.H2, version, mode, mode)), version, H2Sessions.target(answer),
				H2Sessions.reach(connection, answer.get(0)));
	}

	static void requireSupported(String version) {
		if (version.startsWith("1.")) {
			throw new UnsupportedDatabaseException("The database is H2 %s, which is too old.".formatted(version),
					"H2 2.x is supported. Upgrade the driver, and the database with it.");
		}
	}

}
