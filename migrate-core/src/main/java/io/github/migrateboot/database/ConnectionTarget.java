package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads. Two connections with equal destinations see the same tables.
 *
 * @param server identifies the server, or the file
 * @param database the database's name
 * @param schema the current schema, or {@code null} where there is none
 */
public record ConnectionTarget(String server, String database, @Nullable String schema) {

}
