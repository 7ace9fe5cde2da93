package io.github.migrateboot;

import io.github.migrateboot.status.MigrationReport;

/**
 * Published by the application when a run has ended well, also one with nothing to do.
 *
 * @param database the name of the database, {@code default} if there is only one
 * @param report what the run has done
 */
public record MigrationsCompletedEvent(String database, MigrationReport report) {

}
