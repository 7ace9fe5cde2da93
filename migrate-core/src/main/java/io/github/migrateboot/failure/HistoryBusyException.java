package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The history could not be read in time, because somebody else keeps it locked or is
 * writing.
 */
public class HistoryBusyException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public HistoryBusyException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
