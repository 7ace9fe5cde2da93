package io.github.migrateboot.failure;

/**
 * Two migration files have the same version.
 */
public class DuplicateVersionException extends MigrationException {

	public DuplicateVersionException(String description, String action) {
		super(description, action, null);
	}

}
