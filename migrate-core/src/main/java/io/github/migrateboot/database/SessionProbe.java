package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Asks the server about one of its sessions, over a connection of another one: a client
 * that waits for an answer can't tell a long statement from a lost connection.
 * Implementations are immutable.
 */
public interface SessionProbe {

	/**
	 * Return the server's id of the session.
	 * @return the id
	 */
	long id();

	/**
	 * Ask what the session is doing.
	 * @param other another connection to the same server, with the same user, in
	 * autocommit
	 * @return what the server knows
	 * @throws SQLException if it cannot be asked, which says nothing about the session
	 */
	Activity ask(Connection other) throws SQLException;

	/**
	 * Ask how far the server is with what the session is executing.
	 * @param other as for {@link #ask}
	 * @return how far it is, or {@code null} if the server does not report that
	 * @throws SQLException if it cannot be asked
	 */
	@Nullable StatementProgress progress(Connection other) throws SQLException;

	/**
	 * What a session is doing.
	 *
	 * @param state the state
	 * @param since how long it has been in that state at most; zero unless it is idle
	 */
	record Activity(State state, Duration since) {

		static Activity of(State state) {
			return new Activity(state, Duration.ZERO);
		}

	}

	/**
	 * The state of a session.
	 */
	enum State {

		/**
		 * It is executing something.
		 */
		BUSY,

		/**
		 * It has answered and waits for its client.
		 */
		IDLE,

		/**
		 * There is no such session any more.
		 */
		GONE,

		/**
		 * This server or user cannot tell.
		 */
		UNKNOWN

	}

}
