package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A rollback was asked for that is not possible. Nothing was rolled back.
 */
public class RollbackRefusedException extends MigrationException {

	public RollbackRefusedException(String description, String action) {
		this(description, action, null);
	}

	public RollbackRefusedException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
