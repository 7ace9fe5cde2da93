package io.github.migrateboot.engine.run;

import io.github.migrateboot.database.TableName;

/**
 * Once the lock was held, the history turned out to be elsewhere: the run starts over.
 */
final class HistoryMovedException extends RuntimeException {

	HistoryMovedException(TableName before, TableName now) {
		super("The history table is " + now + " and not " + before
				+ " any more: a schema was created, or the search path was changed, while the lock was waited for");
	}

}
