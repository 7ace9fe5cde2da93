package io.github.migrateboot.database;

import java.util.List;

/**
 * How to put a session back. The statements of both lists are executed one by one, in
 * order; none of them releases a lock. Autocommit is the driver's, so the caller sets it.
 *
 * @param betweenMigrations put the session back into the state that
 * {@link Database#prepareSession} left it in, whatever a migration has done to it; each
 * may be executed in or outside a transaction
 * @param original put the session back into the state in which
 * {@link Database#prepareSession} found it, for a connection that is handed back to a
 * pool; executed in autocommit
 */
public record SessionState(List<String> betweenMigrations, List<String> original) {

	public SessionState {
		betweenMigrations = List.copyOf(betweenMigrations);
		original = List.copyOf(original);
	}

}
