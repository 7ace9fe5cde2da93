package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A migration file cannot be read or is not what dbmate's grammar allows.
 */
public class MalformedMigrationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public MalformedMigrationException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	public MalformedMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public MalformedMigrationException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
