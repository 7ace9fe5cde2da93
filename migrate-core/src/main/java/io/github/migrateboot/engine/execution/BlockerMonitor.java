package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Blocker;
import io.github.migrateboot.database.Blockers;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks who blocks a migration while it is blocked, because afterwards nobody can tell. A
 * migration that takes less than half of the lock timeout is not looked at, and costs no
 * connection.
 */
final class BlockerMonitor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BlockerMonitor.class);

	private static final int ANSWER_WITHIN_MILLIS = 2000;

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "migrate-blockers");
		thread.setDaemon(true);
		return thread;
	});

	private final @Nullable Blockers blockers;

	private final ConnectionOpener opener;

	private final long periodMillis;

	private volatile List<Blocker> seen = List.of();

	private volatile @Nullable Connection connection;

	private volatile boolean useless;

	private @Nullable ScheduledFuture<?> watch;

	/**
	 * Create a watch.
	 * @param blockers asks the server, or {@code null} if nobody can tell
	 * @param opener opens the connection to ask on
	 * @param lockTimeout how long a statement waits for a lock
	 */
	BlockerMonitor(@Nullable Blockers blockers, ConnectionOpener opener, Duration lockTimeout) {
		this.blockers = blockers;
		this.opener = opener;
		this.periodMillis = Math.max(20, lockTimeout.toMillis() / 3);
		this.executor.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Begin to watch.
	 */
	void begin() {
		this.seen = List.of();
		if (this.blockers != null && !this.useless) {
			this.watch = this.executor.scheduleWithFixedDelay(() -> look(this.blockers), this.periodMillis * 3 / 2,
					this.periodMillis, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Stop watching.
	 */
	void end() {
		if (this.watch != null) {
			this.watch.cancel(false);
			this.watch = null;
		}
	}

	/**
	 * Return who was seen blocking since the watch began; empty if nobody was or could
	 * be.
	 */
	List<Blocker> seen() {
		return this.seen;
	}

	private void look(Blockers blockers) {
		try {
			Connection connection = this.connection;
			if (connection == null) {
				connection = this.opener.open();
				connection.setNetworkTimeout(Runnable::run, ANSWER_WITHIN_MILLIS);
				this.connection = connection;
			}
			List<Blocker> found = blockers.find(connection);
			if (!found.isEmpty()) {
				this.seen = found;
			}
		}
		catch (SQLException | MigrationException ex) {
			logger.debug("It can't be seen who blocks the migration", ex);
			giveUp();
		}
	}

	private void giveUp() {
		this.useless = true;
		ScheduledThreadPoolExecutor executor = this.executor;
		executor.shutdownNow();
		abort();
	}

	private void abort() {
		Connection connection = this.connection;
		if (connection != null) {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException ex) {
				logger.debug("The connection could not be closed", ex);
			}
		}
	}

	/**
	 * Close the connection, without waiting for an answer that is still to come.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
		abort();
	}

}
