package io.github.migrateboot.failure;

/**
 * A pending migration is older than the newest applied one, and strict order was asked
 * for.
 */
public class OutOfOrderMigrationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public OutOfOrderMigrationException(String description, String action) {
		super(description, action, null);
	}

}
