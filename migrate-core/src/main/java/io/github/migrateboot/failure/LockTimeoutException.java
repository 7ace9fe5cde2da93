package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * Another instance held the lock for longer than this one was told to wait.
 */
public class LockTimeoutException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public LockTimeoutException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
