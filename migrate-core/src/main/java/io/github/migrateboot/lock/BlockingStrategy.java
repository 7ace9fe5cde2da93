package io.github.migrateboot.lock;

import java.sql.SQLException;

/**
 * A strategy whose server may make a waiter wait for an answer: it wakes waiters by that,
 * or the work of others holds its answers up. Other strategies answer within
 * milliseconds.
 */
public interface BlockingStrategy extends LockStrategy {

	/**
	 * End a {@link #tryAcquire}, or another question of a waiter on the migrating
	 * connection, that the server makes wait; it may then fail, and the waiter asks
	 * nothing more. Called from any thread; does nothing where no question is under way.
	 * @throws SQLException if it cannot be ended
	 */
	void cancel() throws SQLException;

	/**
	 * Return whether a try is answered about as soon as its patience ends, as long as the
	 * connection is good, so that one that is not answered tells of a lost connection.
	 * @return {@code false} where work of others can hold the answers up
	 */
	default boolean answersInTime() {
		return true;
	}

	/**
	 * Return whether an answer may not come for as long as others like, without a word
	 * from the server. The waiter says so then, and {@link #cancel ends} the question
	 * when its time is over.
	 * @return {@code true} where a connection pooler lets its clients wait for a
	 * connection to the server
	 */
	default boolean mayStayUnanswered() {
		return false;
	}

}
