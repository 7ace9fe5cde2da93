package io.github.migrateboot.script;

import java.util.List;

import io.github.migrateboot.failure.DuplicateVersionException;
import io.github.migrateboot.failure.MissingLocationException;

/**
 * Where migration files come from.
 */
@FunctionalInterface
public interface MigrationSource {

	/**
	 * List the migration files without reading them.
	 * @param vendor the database's identifier, which replaces <code>{vendor}</code>
	 * @return the files, sorted by the bytes of their names
	 * @throws MissingLocationException if a location does not exist
	 * @throws DuplicateVersionException if two files have the same version
	 */
	List<MigrationFile> list(String vendor);

}
