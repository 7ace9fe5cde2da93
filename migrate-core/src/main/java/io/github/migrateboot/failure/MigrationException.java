package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The run stopped. The {@linkplain #getDescription() description} says what happened,
 * where and why; the {@linkplain #getAction() action} what to do now. Neither contains a
 * secret.
 */
public abstract class MigrationException extends RuntimeException {

	private final String description;

	private final String action;

	protected MigrationException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * Return what happened, where and why, in sentences.
	 * @return the description, never empty
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * Return what the person on call can do now, in sentences.
	 * @return the action, never empty
	 */
	public String getAction() {
		return this.action;
	}

}
