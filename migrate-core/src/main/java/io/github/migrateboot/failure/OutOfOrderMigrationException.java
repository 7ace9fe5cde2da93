package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A pending migration is older than the newest applied one, and strict order was asked
 * for.
 */
public class OutOfOrderMigrationException extends MigrationException {

	public OutOfOrderMigrationException(String description, String action) {
		this(description, action, null);
	}

	public OutOfOrderMigrationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
