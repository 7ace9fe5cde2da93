package io.github.migrateboot.failure;

/**
 * The connection for migrations and the application's do not lead to the same server,
 * database and schema.
 */
public class ConnectionMismatchException extends MigrationException {

	public ConnectionMismatchException(String description, String action) {
		super(description, action, null);
	}

}
