package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.SqlErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes a statement, and cancels it if it runs for too long.
 */
public final class StatementTimeout {

	private static final Logger logger = LoggerFactory.getLogger(StatementTimeout.class);

	private final Statement statement;

	private boolean ended;

	private boolean cancelled;

	private StatementTimeout(Statement statement) {
		this.statement = statement;
	}

	/**
	 * Execute a statement.
	 * @param limit how long it may run, or {@code null}
	 * @throws SQLTimeoutException if it was cancelled
	 */
	public static void execute(Statement statement, String sql, @Nullable Duration limit) throws SQLException {
		if (limit == null) {
			statement.execute(sql);
			return;
		}
		new StatementTimeout(statement).execute(sql, limit);
	}

	private void execute(String sql, Duration limit) throws SQLException {
		CompletableFuture<Void> alarm = CompletableFuture.runAsync(this::cancel, CompletableFuture
			.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, (task) -> start(new Thread(task))));
		try {
			this.statement.execute(sql);
			if (end()) {
				swallow();
			}
		}
		catch (SQLException ex) {
			if (end()) {
				throw new SQLTimeoutException(ex.getMessage(), ex.getSQLState(), ex.getErrorCode(), ex);
			}
			throw ex;
		}
		finally {
			alarm.cancel(false);
		}
	}

	private static void start(Thread thread) {
		thread.setName("migrate-statement-timeout");
		thread.setDaemon(true);
		thread.start();
	}

	private synchronized void cancel() {
		if (!this.ended) {
			this.cancelled = true;
			try {
				this.statement.cancel();
			}
			catch (SQLException ex) {
				logger.warn("The statement that runs for too long could not be cancelled: {}", SqlErrors.describe(ex));
			}
		}
	}

	/**
	 * Return whether the statement was cancelled, after waiting for a cancellation that
	 * is under way.
	 */
	private synchronized boolean end() {
		this.ended = true;
		return this.cancelled;
	}

	/**
	 * The cancellation came too late, and may hit the next statement.
	 */
	private void swallow() {
		try (Statement next = this.statement.getConnection().createStatement()) {
			next.execute("SELECT 1");
		}
		catch (SQLException ex) {
			logger.debug("A late cancellation was swallowed", ex);
		}
	}

}
