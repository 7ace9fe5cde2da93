package io.github.migrateboot.engine.plan;

import java.sql.SQLException;

/**
 * The server's refusal to execute a statement while others write to the table, which the
 * settings require. Nothing has been changed.
 */
public final class OnlineRefusedException extends SQLException {

	public OnlineRefusedException(SQLException refusal) {
		super(refusal.getMessage(), refusal.getSQLState(), refusal.getErrorCode(), refusal);
	}

}
