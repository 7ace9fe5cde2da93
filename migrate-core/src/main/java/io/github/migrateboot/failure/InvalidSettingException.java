package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A setting is not one that can be used; the description says what is allowed.
 */
public class InvalidSettingException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public InvalidSettingException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	public InvalidSettingException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public InvalidSettingException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
