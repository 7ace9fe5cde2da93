package io.github.migrateboot.script;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
	 * As in dbmate: ASCII digits, and no line feed.
	 */
	private static final Pattern NAME = Pattern.compile("([0-9]++)[^\\n]*\\.sql");

	/**
	 * Make a migration file of a resource.
	 * @return the file, or null if its name is not one of a migration
	 */
	static @Nullable ResourceMigrationFile of(String name, String description, Resource resource) {
		Matcher matcher = NAME.matcher(name);
		return matcher.matches() ? new ResourceMigrationFile(matcher.group(1), name, description, resource) : null;
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
