package io.github.migrateboot.failure;

/**
 * A pending migration is older than the newest applied one, and strict order was asked
 * for.
 */
public class OutOfOrderMigrationException extends MigrationException {

	public OutOfOrderMigrationException(String description, String action) {
		super(description, action, null);
	}

}
