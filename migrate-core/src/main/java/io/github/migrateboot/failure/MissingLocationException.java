package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A configured location does not exist.
 */
public class MissingLocationException extends MigrationException {

	public MissingLocationException(String description, String action) {
		this(description, action, null);
	}

	public MissingLocationException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
