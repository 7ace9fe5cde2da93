package io.github.migrateboot.failure;

import org.jspecify.annotations.Nullable;

/**
 * A setting is not one that can be used; the description says what is allowed.
 */
public class InvalidSettingException extends MigrationException {

	public InvalidSettingException(String description, String action) {
		this(description, action, null);
	}

	public InvalidSettingException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
