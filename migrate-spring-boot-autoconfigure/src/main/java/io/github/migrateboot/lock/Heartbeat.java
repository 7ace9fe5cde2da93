package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection from falling silent while another one works: executes a statement on
 * it again and again, from a thread of its own.
 */
final class Heartbeat implements AutoCloseable {

	/** Far below any sensible limit on idle transactions, of the server or a pooler. */
	static final Duration PERIOD = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(Heartbeat.class);

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "migrate-lock-heartbeat");
		thread.setDaemon(true);
		return thread;
	});

	private final Connection connection;

	private final String statement;

	private Heartbeat(Connection connection, String statement) {
		this.connection = connection;
		this.statement = statement;
	}

	static Heartbeat start(Connection connection, String statement) {
		return start(connection, statement, PERIOD);
	}

	static Heartbeat start(Connection connection, String statement, Duration period) {
		Heartbeat heartbeat = new Heartbeat(connection, statement);
		heartbeat.executor.scheduleWithFixedDelay(heartbeat::beat, period.toMillis(), period.toMillis(),
				TimeUnit.MILLISECONDS);
		return heartbeat;
	}

	private void beat() {
		try {
			Query.execute(this.connection, this.statement);
		}
		catch (SQLException ex) {
			if (!this.executor.isShutdown()) {
				// Whoever records something finds out what that means for the lock.
				logger.warn("The connection that holds the migration lock does not answer any more: {}",
						ex.getMessage());
				this.executor.shutdown();
			}
		}
	}

	/**
	 * Stop, and wait for a beat that is under way: what the connection is used for next
	 * must not be mixed up with it.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
		boolean interrupted = false;
		try {
			if (!this.executor.awaitTermination(1, TimeUnit.SECONDS)) {
				logger.debug("A heartbeat is still under way");
			}
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
