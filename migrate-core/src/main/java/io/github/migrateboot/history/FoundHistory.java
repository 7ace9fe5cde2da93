package io.github.migrateboot.history;

import io.github.migrateboot.database.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A history and where it was found.
 *
 * @param table the table with its schema, or {@code null} if there is none, or no
 * question where
 * @param snapshot the history
 */
public record FoundHistory(@Nullable TableName table, HistorySnapshot snapshot) {

}
