package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.migrateboot.database.Jdbc;

/**
 * Gives a sign of life again and again while another connection works, from a thread of
 * its own.
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

	private final Beat beat;

	private Heartbeat(Beat beat) {
		this.beat = beat;
	}

	/**
	 * Keep a connection from falling silent.
	 */
	static Heartbeat start(Connection connection, String statement) {
		return start(() -> Jdbc.execute(connection, statement), PERIOD);
	}

	static Heartbeat start(Beat beat, Duration period) {
		Heartbeat heartbeat = new Heartbeat(beat);
		heartbeat.executor.scheduleWithFixedDelay(heartbeat::beat, period.toMillis(), period.toMillis(),
				TimeUnit.MILLISECONDS);
		return heartbeat;
	}

	private void beat() {
		try {
			this.beat.run();
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
	 * Give no further sign; what is under way goes on.
	 */
	void stop() {
		this.executor.shutdown();
	}

	boolean isStopped() {
		return this.executor.isShutdown();
	}

	/**
	 * Return whether no further sign will be given and none is under way.
	 */
	boolean hasEnded() {
		return this.executor.isTerminated();
	}

	/**
	 * Stop, and wait for a beat that is under way: what the connection is used for next
	 * must not be mixed up with it.
	 */
	@Override
	public void close() {
		stop();
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

	/**
	 * One sign of life.
	 */
	@FunctionalInterface
	interface Beat {

		/**
		 * Give it.
		 * @throws SQLException if there is no point in giving another
		 */
		void run() throws SQLException;

	}

}
