package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a database lets others see of a statement: who blocks it, how far it is, what it
 * leaves behind. A database overrides what it has. Implementations are immutable.
 */
public interface Inspection {

	/**
	 * Of a database that lets others see nothing.
	 */
	Inspection NOTHING = new Inspection() {
	};

	/**
	 * Return what finds out who blocks the migrating session.
	 * @param connection the migrating connection, whose session has been prepared
	 * @param instance this instance
	 * @return it, or {@code null} if nobody can tell
	 * @throws SQLException if the server cannot be asked
	 */
	default @Nullable Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return null;
	}

	/**
	 * Return what finds out who has a table in an open transaction, where DDL that works
	 * for long may meet such a transaction at its end and lose its work.
	 * @return it, or {@code null} if that can't happen or nobody can tell
	 */
	default @Nullable TableUsers tableUsers() {
		return null;
	}

	/**
	 * Return what looks whom the migrating session blocks.
	 * @param session asks about the migrating session, or {@code null} where that is not
	 * possible
	 * @param instance this instance
	 * @param history the history table, with its schema
	 * @return it, or {@code null} if nobody can tell
	 */
	default @Nullable VictimProbe victims(@Nullable SessionProbe session, Instance instance, TableName history) {
		return null;
	}

	/**
	 * Ask what a session is executing, and for whom.
	 * @param connection a connection to ask, in autocommit
	 * @param session the server's id of the session
	 * @return what is visible
	 * @throws SQLException if it cannot be asked
	 */
	default SessionActivity activity(Connection connection, long session) throws SQLException {
		return SessionActivity.UNKNOWN;
	}

	/**
	 * Ask how far the server is with what a session is executing.
	 * @param connection a connection to ask, in autocommit; may be that session's own
	 * only while it is idle
	 * @param session the server's id of the session
	 * @return how far it is, or {@code null} if the server does not report that
	 * @throws SQLException if it cannot be asked, for lack of a privilege for example
	 */
	default @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		return null;
	}

	/**
	 * Ask which of some tables exist, and how large they are, without counting.
	 * @param connection the connection to ask, in autocommit; its session is left as it
	 * was
	 * @param names the names as they are written in statements, with schema and quotes
	 * where they have them
	 * @return the tables that exist
	 * @throws SQLException if it cannot be asked
	 */
	default List<TableSize> sizes(Connection connection, Collection<String> names) throws SQLException {
		return List.of();
	}

	/**
	 * Return what looks at indexes that are built concurrently.
	 * @return it, or {@code null} if such statements leave nothing behind
	 */
	default @Nullable ConcurrentIndexes concurrentIndexes() {
		return null;
	}

	/**
	 * Return whether there may be tables that keep what a transaction or a statement
	 * wrote that is rolled back.
	 * @return whether to ask for {@link #tablesWithoutTransactions}
	 */
	default boolean mayLackTransactions() {
		return false;
	}

	/**
	 * Return whether there may have been such tables when the server was first asked.
	 * @return {@code false} if there surely was none
	 */
	default boolean lackedTransactions() {
		return mayLackTransactions();
	}

	/**
	 * Ask which tables keep what a transaction wrote that is rolled back.
	 * @param connection the connection to ask
	 * @return their names in lower case; {@code *} among them if statements that mention
	 * none of them may write to them too, by way of a trigger for example; empty if there
	 * are none and the next table that is created is none
	 * @throws SQLException if it cannot be asked
	 */
	default Set<String> tablesWithoutTransactions(Connection connection) throws SQLException {
		return Set.of();
	}

	/**
	 * Ask which functions may set the session to something: any that is not the server's
	 * own.
	 * @param connection the connection to ask
	 * @param names names in lower case, of anything
	 * @return those of the names that such a function has
	 * @throws SQLException if it cannot be asked
	 */
	default Set<String> functionsThatMaySet(Connection connection, Set<String> names) throws SQLException {
		return Set.of();
	}

}
