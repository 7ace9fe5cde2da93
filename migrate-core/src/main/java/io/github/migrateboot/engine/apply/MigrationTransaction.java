package io.github.migrateboot.engine.apply;

import java.util.List;

import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.history.Recording;

/**
 * A migration as one transaction.
 *
 * @param migration the migration
 * @param recording the same as the journal describes it
 * @param steps what is sent to the server between the beginning and the commit
 */
record MigrationTransaction(Migration migration, Recording recording, List<BatchEntry> steps) {

	String version() {
		return this.migration.version();
	}

}
