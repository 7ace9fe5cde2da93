package io.github.migrateboot.database;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Executes what migrations consist of, each statement to its end: all rows of a query are
 * computed and thrown away. What the server says meanwhile is logged as it comes.
 */
public interface SqlChannel extends AutoCloseable {

	/**
	 * Execute a statement.
	 * @param sql the statement
	 * @throws SQLException if it fails
	 */
	default void execute(String sql) throws SQLException {
		execute(sql, null);
	}

	/**
	 * Execute a statement and send the data that it reads from the client.
	 * @param sql the statement
	 * @param data the data, or {@code null} if it reads none
	 * @throws SQLException if it fails
	 */
	void execute(String sql, @Nullable String data) throws SQLException;

	/**
	 * Execute statements in a transaction, in one round trip if possible; what follows
	 * one that fails has no effect. If they begin the transaction, none may be a query of
	 * which more than the first row matters. None may end the transaction except the
	 * last, nor roll back to a savepoint, and all of them together must fit into what the
	 * network buffers while nobody reads.
	 * @param statements the statements
	 * @throws BatchUpdateException if one fails: it has as many update counts as
	 * statements were executed before, and the error as its next exception
	 * @throws SQLException if nothing was executed
	 */
	default void executeAll(List<String> statements) throws SQLException {
		executeAll(statements, (answered) -> {
		});
	}

	/**
	 * Do the same, and say how far the server is. Where {@link #isPipelined()}, the
	 * statements may be several transactions, each of them with its beginning and its
	 * end.
	 * @param statements the statements
	 * @param answered is told, as the answers come, how many statements were executed; by
	 * the calling thread
	 * @throws BatchUpdateException if one fails: it has as many update counts as
	 * statements were executed before, and the error as its next exception
	 * @throws SQLException if nothing was executed
	 */
	void executeAll(List<String> statements, IntConsumer answered) throws SQLException;

	/**
	 * Return whether {@link #executeAll} sends statements before those in front of them
	 * have been answered, and the server skips all that follow one that fails, whether
	 * they belong to its transaction or not.
	 * @return whether statements are sent ahead
	 */
	boolean isPipelined();

	/**
	 * Cancel what another thread is executing.
	 * @throws SQLException if it cannot be cancelled
	 */
	void cancel() throws SQLException;

	@Override
	void close();

}
