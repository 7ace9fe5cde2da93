package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A migration was started earlier and neither finished nor undone, on a database that
 * cannot undo it.
 */
public class HalfAppliedMigrationException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public HalfAppliedMigrationException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
