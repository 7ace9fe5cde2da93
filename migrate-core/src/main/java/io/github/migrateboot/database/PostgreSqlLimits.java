package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * PostgreSQL's {@code lock_timeout} and {@code statement_timeout}.
 */
final class PostgreSqlLimits implements StatementLimits {

	@Override
	public String lockWait(Duration timeout, boolean local) {
		return (local ? "SET LOCAL" : "SET") + " lock_timeout = " + RoundedUp.millis(timeout);
	}

	@Override
	public boolean liftLockWait(Connection connection, Duration timeout) throws SQLException {
		return !Jdbc
			.pairs(connection,
					"select name, pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings"
							+ " where name = 'lock_timeout' and setting = '" + RoundedUp.millis(timeout) + "'")
			.isEmpty();
	}

	@Override
	public TimeLimit time(Duration timeout) {
		return new TimeLimit("SET LOCAL statement_timeout = " + RoundedUp.millis(timeout), null);
	}

}
