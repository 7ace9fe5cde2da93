package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A configured location does not exist.
 */
public class MissingLocationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public MissingLocationException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	public MissingLocationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
