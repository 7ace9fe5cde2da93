package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The run was ended before everything was applied, because the application is being
 * stopped. The description says what had been applied.
 */
public class InterruptedMigrationException extends MigrationException {

	public InterruptedMigrationException(String description, String action) {
		this(description, action, null);
	}

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
