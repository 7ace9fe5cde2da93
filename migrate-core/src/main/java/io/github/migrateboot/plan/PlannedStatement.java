package io.github.migrateboot.plan;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a migration that would be applied.
 *
 * @param number its number among the statements of the file's up blocks, from 1
 * @param line the line on which it begins, from 1
 * @param text its beginning in one line, with credentials masked
 * @param crash what becomes of the migration if the process dies while it runs
 * @param reason why the next start would ask then, as a clause, or {@code null} if it is
 * only that nobody knows whether the statement took effect
 */
public record PlannedStatement(int number, int line, String text, CrashOutcome crash, @Nullable String reason) {

}
