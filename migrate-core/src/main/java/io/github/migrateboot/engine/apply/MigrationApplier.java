package io.github.migrateboot.engine.apply;

import java.sql.SQLException;

import io.github.migrateboot.engine.plan.Migration;

/**
 * Applies a migration and records it.
 */
public interface MigrationApplier {

	/**
	 * Apply one migration.
	 * @param migration the migration
	 * @return whether it was applied; {@code false} if another program had recorded it
	 * meanwhile
	 * @throws SQLException if the history cannot be used; failures of the migration are
	 * reported as migration exceptions
	 */
	boolean apply(Migration migration) throws SQLException;

}
