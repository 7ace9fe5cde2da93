package io.github.migrateboot.failure;

/**
 * A migration file was changed after it had been applied.
 */
public class ChangedMigrationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public ChangedMigrationException(String description, String action) {
		super(description, action, null);
	}

}
