package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The database does not have what the migration files say, and {@code migrate.mode} does
 * not allow this instance to change that.
 */
public class DatabaseNotReadyException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 */
	public DatabaseNotReadyException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public DatabaseNotReadyException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
