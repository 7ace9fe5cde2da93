package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.Migrator;

/**
 * Does something else than {@link Migrator#migrate()} when the application starts. A bean
 * of this type is called for each database whose migrations are enabled, one after the
 * other, in either phase.
 * <p>
 * An instance becomes ready when its migrator has migrated. One that a strategy leaves
 * alone stays out of service; to start without migrations, disable them.
 */
@FunctionalInterface
public interface MigrationStrategy {

	/**
	 * Migrate one database. An exception ends the start.
	 * @param migrator the database's migrator
	 */
	void migrate(Migrator migrator);

}
