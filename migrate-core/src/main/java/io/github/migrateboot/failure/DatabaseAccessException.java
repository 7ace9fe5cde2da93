package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, or the connection was lost.
 */
public class DatabaseAccessException extends MigrationException {

	public DatabaseAccessException(String description, String action) {
		this(description, action, null);
	}

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
