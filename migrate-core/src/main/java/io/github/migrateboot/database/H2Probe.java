package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks H2 what it is, and refuses what must not be migrated.
 */
final class H2Probe {

	private H2Probe() {
	}

	static Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = Sql.row(connection,
				"SELECT " + H2Sessions.TARGET + ", H2VERSION(), CAST(READONLY() AS VARCHAR)");
		String version = Sql.text(answer, 3);
		requireSupported(version);
		if (Boolean.parseBoolean(answer.get(4))) {
			throw new UnsupportedDatabaseException("The H2 database is open for reading only.",
					"Open it without ACCESS_MODE_DATA=r, and let the process write to its file.");
		}
		return new Server(new H2(), version, H2Sessions.target(answer), H2Sessions.reach(connection, answer.get(0)));
	}

	static void requireSupported(String version) {
		if (version.startsWith("1.")) {
			throw new UnsupportedDatabaseException("The database is H2 %s, which is too old.".formatted(version),
					"H2 2.x is supported. Upgrade the driver, and the database with it.");
		}
	}

}
