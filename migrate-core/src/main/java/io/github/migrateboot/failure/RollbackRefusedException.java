package io.github.migrateboot.failure;

/**
 * A rollback was asked for that is not possible. Nothing was rolled back.
 */
public class RollbackRefusedException extends MigrationException {

	public RollbackRefusedException(String description, String action) {
		super(description, action, null);
	}

}
