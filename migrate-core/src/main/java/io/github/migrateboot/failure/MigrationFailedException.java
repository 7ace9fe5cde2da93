package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a migration failed.
 */
public class MigrationFailedException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public MigrationFailedException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public MigrationFailedException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
