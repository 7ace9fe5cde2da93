package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The server is not one that can be migrated safely: unknown, too old, read-only or
 * behind something that breaks the lock.
 */
public class UnsupportedDatabaseException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public UnsupportedDatabaseException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public UnsupportedDatabaseException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
