package io.github.migrateboot.database;

import java.util.List;

/**
 * How to put a session back, and what to set where a session doesn't last. The statements
 * of all lists are executed one by one, in order; none of them releases a lock.
 * Autocommit is the driver's, so the caller sets it.
 *
 * @param betweenMigrations put the session back into the state that
 * {@link Database#prepareSession} left it in, whatever a migration has done to it; each
 * may be executed in or outside a transaction
 * @param original put the session back into the state in which
 * {@link Database#prepareSession} found it, for a connection that is handed back to a
 * pool; executed in autocommit
 * @param atBegin what each transaction has to begin with, because settings of the session
 * would not last; empty where they do
 */
public record SessionState(List<String> betweenMigrations, List<String> original, List<String> atBegin) {

	public SessionState {
		betweenMigrations = List.copyOf(betweenMigrations);
		original = List.copyOf(original);
		atBegin = List.copyOf(atBegin);
	}

	/**
	 * Create the state of a session that lasts as long as its connection.
	 * @param betweenMigrations put the session back between two migrations
	 * @param original put the session back into the state in which it was found
	 */
	public SessionState(List<String> betweenMigrations, List<String> original) {
		this(betweenMigrations, original, List.of());
	}

}
