package io.github.migrateboot.plan;

import org.jspecify.annotations.Nullable;

/**
 * A table that statements of a migration name, as the catalogue knows it. Numbers are
 * estimates of the server.
 *
 * @param name the table, as the database names it, or as it is written if it does not
 * exist yet
 * @param created whether it does not exist yet and a pending migration creates it
 * @param rows how many rows it has, or {@code null} if that is not known
 * @param bytes the size of its rows in bytes, or {@code null}
 * @param indexBytes the size of its indexes in bytes, or {@code null}
 * @param totalBytes its size in all in bytes, or {@code null}
 */
public record PlannedTable(String name, boolean created, @Nullable Long rows, @Nullable Long bytes,
		@Nullable Long indexBytes, @Nullable Long totalBytes) {

}
