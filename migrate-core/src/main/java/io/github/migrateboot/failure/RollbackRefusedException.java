package io.github.migrateboot.failure;

/**
 * A rollback was asked for that is not possible. Nothing was rolled back.
 */
public class RollbackRefusedException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public RollbackRefusedException(String description, String action) {
		super(description, action, null);
	}

}
