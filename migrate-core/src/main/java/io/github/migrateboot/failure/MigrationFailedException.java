package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a migration failed.
 */
public class MigrationFailedException extends MigrationException {

	public MigrationFailedException(String description, String action) {
		this(description, action, null);
	}

	public MigrationFailedException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
