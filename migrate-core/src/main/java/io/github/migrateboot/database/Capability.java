package io.github.migrateboot.database;

/**
 * What a database can do that others can't. The engine asks for what it means, never for
 * the name of a database.
 */
public enum Capability {

	/**
	 * DDL takes part in transactions, so that a whole migration can be rolled back.
	 */
	TRANSACTIONAL_DDL,

	/**
	 * What a session is set to takes part in transactions: to roll back may undo it.
	 */
	TRANSACTIONAL_SETTINGS,

	/**
	 * A limit can be set for one transaction, and ends with it.
	 */
	TRANSACTION_LIMITS,

	/**
	 * A transaction that is going to write says so when it starts, with
	 * {@code BEGIN IMMEDIATE}: one that has read before can't wait for other writers.
	 */
	IMMEDIATE_TRANSACTIONS,

	/**
	 * The driver sends a batch of different statements in one round trip, and the server
	 * skips what follows a statement that fails.
	 */
	PIPELINED_BATCHES,

	/**
	 * A batch in autocommit takes effect as a whole or not at all.
	 */
	ATOMIC_BATCHES,

	/**
	 * {@code LOCK TABLES} keeps its session from all other tables, ours included, until
	 * {@code UNLOCK TABLES}.
	 */
	LOCK_TABLES,

	/**
	 * DDL can be asked to let others write to the table meanwhile, with
	 * {@code LOCK=NONE}, and is refused before anything is changed if it can't.
	 */
	ONLINE_DDL

}
