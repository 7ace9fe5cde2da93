package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A migration file was changed after it had been applied.
 */
public class ChangedMigrationException extends MigrationException {

	public ChangedMigrationException(String description, String action) {
		this(description, action, null);
	}

	public ChangedMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
