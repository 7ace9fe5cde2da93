package io.github.migrateboot;

import java.sql.SQLException;

/**
 * Applies a migration and records it.
 */
interface MigrationApplier {

	/**
	 * Apply one migration.
	 * @param migration the migration
	 * @return whether it was applied; {@code false} if another program had recorded it
	 * meanwhile
	 * @throws SQLException if the history cannot be used; failures of the migration are
	 * reported as migration exceptions
	 */
	boolean apply(PendingMigration migration) throws SQLException;

}
