package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The lock was found to be no longer held by this instance; nothing was recorded after
 * that.
 */
public class LockLostException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public LockLostException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public LockLostException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
