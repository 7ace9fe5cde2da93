package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.SideConnection;
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

	private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "migrate-blockers");
		thread.setDaemon(true);
		return thread;
	});

	private final @Nullable Blockers blockers;

	private final SideConnection connection;

	private final long periodMillis;

	private volatile List<Blocker> seen = List.of();

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
		this.connection = new SideConnection(opener, ANSWER_WITHIN);
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
		if (this.useless) {
			return;
		}
		try {
			List<Blocker> found = blockers.find(this.connection.get());
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
		this.connection.close();
	}

	/**
	 * Close the connection, without waiting for an answer that is still to come.
	 */
	@Override
	public void close() {
		// Not interrupted: that would close an H2 database's file.
		this.executor.shutdown();
		this.connection.close();
	}

}
