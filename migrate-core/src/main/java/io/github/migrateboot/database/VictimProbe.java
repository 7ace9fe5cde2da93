package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Looks, on another connection, whom the migrating session blocks. Other instances that
 * wait for the migration lock or at the history don't count. Used by one thread at a
 * time.
 */
public interface VictimProbe {

	/**
	 * Look who is blocked at this moment.
	 * @param other another connection to the same database, with the same user, in
	 * autocommit
	 * @return the sessions, as far as they are visible
	 * @throws SQLException if nobody can be seen
	 */
	Victims look(Connection other) throws SQLException;

	/**
	 * Forget what was seen before: another try begins.
	 */
	default void forget() {
	}

	/**
	 * Say what can't be seen, as far as the looks before have shown.
	 * @return a sentence, or {@code null} if everybody can be seen
	 */
	default @Nullable String blindness() {
		return null;
	}

}
