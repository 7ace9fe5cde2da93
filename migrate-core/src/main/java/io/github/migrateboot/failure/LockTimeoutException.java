package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * Another instance held the lock for longer than this one was told to wait.
 */
public class LockTimeoutException extends MigrationException {

	public LockTimeoutException(String description, String action) {
		this(description, action, null);
	}

	public LockTimeoutException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
