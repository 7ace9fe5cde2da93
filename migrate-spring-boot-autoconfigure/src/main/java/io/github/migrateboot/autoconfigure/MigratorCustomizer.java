package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorBuilder;

/**
 * Callback that changes what an auto-configured {@link Migrator} is built from. Beans of
 * this type are called in their order, once for each database, whose name the builder
 * tells.
 */
@FunctionalInterface
public interface MigratorCustomizer {

	/**
	 * Customize a migrator.
	 * @param builder what the migrator is built from
	 */
	void customize(MigratorBuilder builder);

}
