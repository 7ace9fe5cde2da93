package io.github.migrateboot.engine.execution;

import java.sql.SQLException;

/**
 * A statement was not sent, because what stands before it in its transaction has kept
 * others waiting for too long.
 */
final class FuseBlownException extends SQLException {

	FuseBlownException() {
		super("It was not sent, because what stands before it had kept others waiting for too long");
	}

}
