package io.github.migrateboot;

import io.github.migrateboot.failure.MigrationException;

/**
 * Published by the application when a run has failed, before that ends the start.
 *
 * @param database the name of the database, {@code default} if there is only one
 * @param failure why it failed
 */
public record MigrationsFailedEvent(String database, MigrationException failure) {

}
