package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The history table or the journal cannot be read, created or written.
 */
public class HistoryAccessException extends MigrationException {

	public HistoryAccessException(String description, String action) {
		this(description, action, null);
	}

	public HistoryAccessException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause, or {@code null}
	 */
	public HistoryAccessException(FailureText description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
