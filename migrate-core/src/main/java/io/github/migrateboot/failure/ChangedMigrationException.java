package io.github.migrateboot.failure;

/**
 * A migration file was changed after it had been applied.
 */
public class ChangedMigrationException extends MigrationException {

	public ChangedMigrationException(String description, String action) {
		super(description, action, null);
	}

}
