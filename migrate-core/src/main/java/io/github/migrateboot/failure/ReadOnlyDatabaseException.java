package io.github.migrateboot.failure;

/**
 * Thrown when a server cannot be written to for a reason that may pass: it is a standby,
 * or is set to read-only.
 */
public class ReadOnlyDatabaseException extends UnsupportedDatabaseException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public ReadOnlyDatabaseException(String description, String action) {
		super(description, action);
	}

}
