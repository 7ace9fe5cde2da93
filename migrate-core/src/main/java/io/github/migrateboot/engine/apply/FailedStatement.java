package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement that failed where a part of its migration may stay.
 *
 * @param failed the statement that failed
 * @param started the statement that was to be run, usually the same
 * @param building the index that the statement was building concurrently, or {@code null}
 * @param done how many statements had taken effect as far as this run knows
 * @param transactional whether the statement's section has its transaction
 * @param error the error
 * @param worked for how long what is undone by the failure had been executed
 */
record FailedStatement(SqlStatement failed, SqlStatement started, @Nullable String building, int done,
		boolean transactional, SQLException error, Duration worked) {

}
