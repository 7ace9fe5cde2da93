package io.github.migrateboot.script;

import io.github.migrateboot.failure.MalformedMigrationException;

/**
 * A migration file that has been found but not read.
 */
public interface MigrationFile {

	/**
	 * Return the version, the leading digits of the file's name as a string.
	 * @return for example {@code 20260102030405}
	 */
	String version();

	/**
	 * Return the file's name without any folder.
	 * @return for example {@code 20260102030405_create_orders.sql}
	 */
	String name();

	/**
	 * Return where the file is, for messages.
	 * @return for example
	 * {@code class path resource [db/migrations/20260102030405_create_orders.sql]}
	 */
	String description();

	/**
	 * Read the whole file.
	 * @return the bytes
	 * @throws MalformedMigrationException if it cannot be read
	 */
	byte[] read();

}
