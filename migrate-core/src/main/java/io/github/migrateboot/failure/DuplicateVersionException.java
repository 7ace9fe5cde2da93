package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * Two migration files have the same version.
 */
public class DuplicateVersionException extends MigrationException {

	public DuplicateVersionException(String description, String action) {
		this(description, action, null);
	}

	public DuplicateVersionException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
