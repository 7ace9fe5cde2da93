package io.github.migrateboot.lock;

import java.sql.Connection;
import java.time.Duration;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.TableName;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy is made from.
 *
 * @param server what the migrating connection leads to
 * @param connection the migrating connection, in autocommit
 * @param more opens another connection to the same database, for strategies that need one
 * @param table the history table, with its schema resolved
 * @param name the configured lock name, or {@code null} to derive it from database,
 * schema and history table
 * @param leaseDuration for how long a lease lasts without being renewed
 * @param instance this instance
 */
public record LockRequest(Server server, Connection connection, ConnectionOpener more, TableName table,
		@Nullable String name, Duration leaseDuration, Instance instance) {

}
