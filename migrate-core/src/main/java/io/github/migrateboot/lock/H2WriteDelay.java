package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.Jdbc;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long H2 may wait before it writes what is committed, as it was before a run.
 * <p>
 * Within that time H2 writes parts of the file in any order. When its process is killed,
 * a later commit may have survived and an earlier one not, so a record might be there and
 * its migration not. Therefore a run has every commit written at once. The setting is one
 * of the database, see
 * <a href="https://h2database.com/html/commands.html#set_write_delay"> SET
 * WRITE_DELAY</a>.
 *
 * @param millis in milliseconds, more than 0
 */
record H2WriteDelay(String millis) {

	private static final Logger logger = LoggerFactory.getLogger(H2WriteDelay.class);

	// Listed twice once it has been set: as the setting and by the file
	private static final String CURRENT = "SELECT DISTINCT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
			+ " WHERE SETTING_NAME = 'WRITE_DELAY'";

	/**
	 * Have H2 write at once.
	 * @return what it did before, or {@code null} if it wrote at once already
	 */
	static @Nullable H2WriteDelay end(Connection connection) throws SQLException {
		String delay = Jdbc.row(connection, CURRENT + " AND SETTING_VALUE <> '0'")
			.map((row) -> row.get(0))
			.orElse(null);
		if (delay == null) {
			return null;
		}
		Jdbc.execute(connection, "SET WRITE_DELAY 0");
		return new H2WriteDelay(delay);
	}

	/**
	 * Have H2 write as before, unless a migration has said otherwise. Failing leaves the
	 * safer setting and must not fail the run, so it is logged.
	 */
	void restore(Connection connection) {
		try {
			if (Jdbc.row(connection, CURRENT + " AND SETTING_VALUE = '0'").isPresent()) {
				Jdbc.execute(connection, "SET WRITE_DELAY " + this.millis);
			}
		}
		catch (SQLException ex) {
			logger.warn("WRITE_DELAY of the database is 0 and could not be restored. SET WRITE_DELAY {} does it",
					this.millis, ex);
		}
	}

}
