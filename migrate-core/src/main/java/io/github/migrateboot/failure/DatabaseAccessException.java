package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, or the connection was lost.
 */
public class DatabaseAccessException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public DatabaseAccessException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	public DatabaseAccessException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public DatabaseAccessException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
