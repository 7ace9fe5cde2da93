package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has to know about one kind of database. Implementations are immutable
 * and hold no connection.
 */
public interface Database {

	/**
	 * Return the identifier that replaces <code>{vendor}</code> in a location, the same
	 * as Spring Boot's.
	 * @return for example {@code postgresql}
	 */
	String id();

	/**
	 * Return the name for people.
	 * @return for example {@code PostgreSQL}
	 */
	String displayName();

	/**
	 * Quote one identifier for use in a statement.
	 * @param identifier the identifier as it is stored
	 * @return the quoted identifier, any quote inside it doubled
	 */
	String quote(String identifier);

	/**
	 * Return how our own statements are worded.
	 * @return the dialect
	 */
	SqlDialect dialect();

	/**
	 * Return whether DDL takes part in transactions.
	 * @return whether a whole migration can be rolled back
	 */
	boolean hasTransactionalDdl();

	/**
	 * Return whether a pooler stands between, which may run each transaction in another
	 * session of the server. Known once the server has been asked; see {@link #probe}.
	 * @return whether settings and locks of a session can't be relied upon
	 */
	default boolean isPooled() {
		return false;
	}

	/**
	 * Return whether the server is one of several that can be written to at once, where
	 * nothing that a session locks is known to the others. Known once the server has been
	 * asked; see {@link #probe}.
	 * @return whether locks of a session can't be relied upon
	 */
	default boolean hasSeveralWriters() {
		return false;
	}

	/**
	 * Return whether the driver sends a batch of different statements in one round trip,
	 * and stops at the first that fails.
	 * @return whether batches save round trips
	 */
	default boolean pipelinesBatches() {
		return false;
	}

	/**
	 * Return what the server and the session said that decides how they read SQL. Known
	 * once the server has been asked; see {@link #probe}.
	 * @return the settings
	 */
	default LexicalSettings lexicalSettings() {
		return LexicalSettings.UNKNOWN;
	}

	/**
	 * Return whether migrations run on a connection of their own; otherwise on one of the
	 * application's, because another connection would not see the same database or would
	 * stand in its way.
	 * @param connection one of the application's connections
	 * @return whether a connection is to be opened
	 * @throws SQLException if the connection cannot be asked
	 */
	default boolean migratesOnOwnConnection(Connection connection) throws SQLException {
		return true;
	}

	/**
	 * Ask the server, in one query where that is possible, what it really is.
	 * @param connection the connection to ask, in autocommit
	 * @return what the server said; its database is the one to use from then on
	 * @throws UnsupportedDatabaseException if it must not be migrated: a look-alike, too
	 * old, read-only, a standby, or behind something that breaks the lock
	 * @throws SQLException if it cannot be asked
	 */
	Server probe(Connection connection) throws SQLException;

	/**
	 * Return where a connection leads, so that two connections can be compared.
	 * @param connection the connection to ask, in autocommit
	 * @return server, database and schema
	 * @throws SQLException if it cannot be asked
	 */
	Destination destination(Connection connection) throws SQLException;

	/**
	 * Split the configured table name into schema and table as dbmate does.
	 * @param configured the configured name, for example {@code app.schema_migrations}
	 * @return the name, without a schema where none is configured
	 */
	TableName parseTableName(String configured);

	/**
	 * Return the driver properties for a connection of the run's own: who it is, and TCP
	 * keepalive.
	 * @param instance this instance
	 * @param driverName the JDBC driver's name as its metadata gives it
	 * @return driver properties, possibly empty
	 */
	Map<String, String> connectionProperties(Instance instance, String driverName);

	/**
	 * Fix the schema of the history table once, so that nothing a migration does to its
	 * session can lead elsewhere: the configured schema, else the connection's current
	 * one. It need not exist yet.
	 * @param configured the name that {@link #parseTableName} has returned
	 * @param connection the connection to ask
	 * @return the name with its schema
	 * @throws SQLException if the connection cannot be asked
	 */
	TableName resolve(TableName configured, Connection connection) throws SQLException;

	/**
	 * Prepare the session of a run: name it, make the server end it when it falls silent
	 * for about 30 seconds and notice a dead client, and lift the limits that are not
	 * meant for migrations. Where {@link #isPooled() a pooler stands between}, nothing is
	 * set; the statements for the beginning of each transaction do it then.
	 * @param connection the run's connection, in autocommit
	 * @param instance this instance
	 * @return how to put the session back
	 * @throws SQLException if a statement fails
	 */
	SessionState prepareSession(Connection connection, Instance instance) throws SQLException;

	/**
	 * Return whether the error says that a table or its schema does not exist.
	 * @param error the error
	 * @return whether a table is missing
	 */
	boolean isMissingTable(SQLException error);

	/**
	 * Return whether the error says that the user lacks a privilege.
	 * @param error the error
	 * @return whether permission was denied
	 */
	boolean isPermissionDenied(SQLException error);

	/**
	 * Return whether the error says that what was to be created is already there, or is
	 * being created by somebody else.
	 * @param error the error
	 * @return whether it is there
	 */
	default boolean isAlreadyThere(SQLException error) {
		return false;
	}

	/**
	 * Return whether the error says that a transaction was rolled back for the sake of
	 * another one, so that it can be tried again.
	 * @param error the error
	 * @return whether a deadlock or conflict was lost
	 */
	boolean isDeadlock(SQLException error);

	/**
	 * Return whether the error says that a lock was not free in time.
	 * @param error the error
	 * @return whether a lock was waited for in vain
	 */
	boolean isLockTimeout(SQLException error);

	/**
	 * Return the statement that limits how long the following ones wait for a lock. What
	 * puts the session back between migrations lifts the limit.
	 * @param timeout the limit
	 * @param local whether the limit is to end with the transaction, where there is a
	 * difference
	 * @return one statement
	 */
	String limitLockWait(Duration timeout, boolean local);

	/**
	 * Let the next statement wait for locks as long as it has to, unless the migration
	 * itself has set a limit.
	 * @param connection the migrating connection
	 * @param timeout the limit that {@link #limitLockWait} has set
	 * @return whether that limit was lifted and has to be set again
	 * @throws SQLException if the server cannot be asked
	 */
	default boolean liftLockTimeout(Connection connection, Duration timeout) throws SQLException {
		return false;
	}

	/**
	 * Return how the server itself limits the time of each statement, so that no other
	 * connection has to cancel it.
	 * @param timeout the limit
	 * @return how, or {@code null} if it cannot
	 */
	default @Nullable TimeLimit timeLimit(Duration timeout) {
		return null;
	}

	/**
	 * Return whether the error says that {@link #timeLimit} has ended a statement.
	 * @param error the error
	 * @return whether a statement ran for too long
	 */
	default boolean isTimeLimit(SQLException error) {
		return false;
	}

	/**
	 * Return whether a data change that failed outside a transaction has surely left
	 * nothing.
	 * @param connection the connection to ask
	 * @return whether failed statements are undone, whatever table they change
	 * @throws SQLException if it cannot be asked
	 */
	default boolean undoesFailedStatements(Connection connection) throws SQLException {
		return true;
	}

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
	 * Return whether the error says that a column refused NULL.
	 * @param error the error
	 * @return whether NULL was refused
	 */
	default boolean isNullRefused(SQLException error) {
		return false;
	}

	/**
	 * Return where in the statement the error is.
	 * @param error the error as the server sent it
	 * @return the position of a character, from 1; 0 if the server does not tell
	 */
	default int errorPosition(SQLException error) {
		return 0;
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
	 * Return what looks at indexes that are built concurrently.
	 * @return it, or {@code null} if such statements leave nothing behind
	 */
	default @Nullable ConcurrentIndexes concurrentIndexes() {
		return null;
	}

}
