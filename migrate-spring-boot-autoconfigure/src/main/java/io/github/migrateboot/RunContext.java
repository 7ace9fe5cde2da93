package io.github.migrateboot;

import java.sql.Connection;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistoryWriter;

/**
 * What applying a migration needs.
 *
 * @param connection the migrating connection
 * @param database the kind of database
 * @param table the history table
 * @param reader reads the history
 * @param writer words recording statements
 * @param sessionReset statements that put the session back
 * @param instance this instance
 * @param resolve answers to unknown outcomes
 * @param board where to say what is being done
 * @param soFar says in a sentence what this run has applied and what it has not
 */
record RunContext(Connection connection, Database database, TableName table, HistoryReader reader, HistoryWriter writer,
		List<String> sessionReset, Instance instance, List<Resolution> resolve, StatusBoard board,
		Supplier<String> soFar) {

}
