package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for its turn, usually because the
 * application is being stopped. Nothing was applied by this instance.
 */
public class InterruptedMigrationException extends MigrationException {

	public InterruptedMigrationException(String description, String action) {
		this(description, action, null);
	}

	public InterruptedMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
