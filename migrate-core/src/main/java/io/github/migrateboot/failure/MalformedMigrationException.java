package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A migration file cannot be read or is not what dbmate's grammar allows.
 */
public class MalformedMigrationException extends MigrationException {

	public MalformedMigrationException(String description, String action) {
		this(description, action, null);
	}

	public MalformedMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
