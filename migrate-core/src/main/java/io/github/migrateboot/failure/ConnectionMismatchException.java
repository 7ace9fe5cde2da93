package io.github.migrateboot.failure;

/**
 * The connection for migrations and the application's do not lead to the same server,
 * database and schema.
 */
public class ConnectionMismatchException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public ConnectionMismatchException(String description, String action) {
		super(description, action, null);
	}

}
