package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The connection for migrations and the application's do not lead to the same server,
 * database and schema.
 */
public class ConnectionMismatchException extends MigrationException {

	public ConnectionMismatchException(String description, String action) {
		this(description, action, null);
	}

	public ConnectionMismatchException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
