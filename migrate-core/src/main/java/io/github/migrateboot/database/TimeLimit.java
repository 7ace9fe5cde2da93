package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * How a server limits the time of statements.
 *
 * @param set the statement that sets the limit
 * @param lift the statement that lifts it, to be executed before anything that is not to
 * be limited; or {@code null} if it can only be set in a transaction and ends with it
 */
public record TimeLimit(String set, @Nullable String lift) {

}
