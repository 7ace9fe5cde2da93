package io.github.migrateboot.script;

import java.io.IOException;

import io.github.migrateboot.failure.MalformedMigrationException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * A migration file on the class path or in the file system.
 *
 * @param version the leading digits of the name
 * @param name the name
 * @param description the resource for people
 * @param resource the resource
 */
record ResourceMigrationFile(String version, String name, String description,
		Resource resource) implements MigrationFile {

	/**
	 * Make a migration file of a resource. As in dbmate its name begins with ASCII
	 * digits, ends with {@code .sql} and has no line feed.
	 * @return the file, or null if its name is not one of a migration
	 */
	static @Nullable ResourceMigrationFile of(String name, String description, Resource resource) {
		int digits = 0;
		while (digits < name.length() && name.charAt(digits) >= '0' && name.charAt(digits) <= '9') {
			digits++;
		}
		boolean migration = digits > 0 && name.endsWith(".sql") && name.indexOf('\n') < 0;
		return migration ? new ResourceMigrationFile(name.substring(0, digits), name, description, resource) : null;
	}

	@Override
	public byte[] read() {
		try {
			return this.resource.getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new MalformedMigrationException("%s cannot be read: %s: %s.".formatted(this.description,
					ex.getClass().getSimpleName(), ex.getMessage()),
					"Make the file readable for the account that runs the application.", ex);
		}
	}

}
