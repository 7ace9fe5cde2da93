package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The run was ended before everything was applied, because the application is being
 * stopped. The description says what had been applied.
 */
public class InterruptedMigrationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public InterruptedMigrationException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	public InterruptedMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public InterruptedMigrationException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
