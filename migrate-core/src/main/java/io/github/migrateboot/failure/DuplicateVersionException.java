package io.github.migrateboot.failure;

/**
 * Two migration files have the same version.
 */
public class DuplicateVersionException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public DuplicateVersionException(String description, String action) {
		super(description, action, null);
	}

}
