package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes a statement, and cancels it if it runs for too long.
 */
public final class StatementTimeout {

	private static final Logger logger = LoggerFactory.getLogger(StatementTimeout.class);

	private final SqlChannel channel;

	private boolean ended;

	private boolean cancelled;

	private StatementTimeout(SqlChannel channel) {
		this.channel = channel;
	}

	/**
	 * Execute a statement.
	 * @param limit how long it may run, or {@code null}
	 * @throws SQLTimeoutException if it was cancelled
	 */
	public static void execute(SqlChannel channel, SqlStatement statement, @Nullable Duration limit)
			throws SQLException {
		if (limit == null) {
			channel.execute(statement.text(), statement.data());
			return;
		}
		new StatementTimeout(channel).execute(statement, limit);
	}

	private void execute(SqlStatement statement, Duration limit) throws SQLException {
		CompletableFuture<Void> alarm = CompletableFuture.runAsync(this::cancel, CompletableFuture
			.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, (task) -> start(new Thread(task))));
		try {
			this.channel.execute(statement.text(), statement.data());
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
				this.channel.cancel();
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
		try {
			this.channel.execute("SELECT 1");
		}
		catch (SQLException ex) {
			logger.debug("A late cancellation was swallowed", ex);
		}
	}

}
