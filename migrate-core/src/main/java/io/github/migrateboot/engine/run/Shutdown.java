package io.github.migrateboot.engine.run;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.github.migrateboot.engine.execution.AbortableConnections;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run from another thread, and says in the log how that went.
 *
 * @param signal tells the run to stop; has been given
 * @param running is held while there is a run
 * @param publisher what the run is doing
 * @param connections those of the run
 * @param wasRunning whether there was a run when the signal was given
 */
public record Shutdown(StopSignal signal, ReentrantLock running, StatusPublisher publisher,
		AbortableConnections connections, boolean wasRunning) {

	private static final Logger logger = LoggerFactory.getLogger(Shutdown.class);

	private static final int MAX_CANCELS = 3;

	/** How long a cancelled statement, and a closed connection, may take to end. */
	private static final Duration AFTER_CANCEL = Duration.ofMillis(500);

	public static Shutdown begin(StopSignal signal, ReentrantLock running, StatusPublisher publisher,
			AbortableConnections connections) {
		// Looked at before the signal, which may end a waiter at once.
		boolean wasRunning = running.isHeldByCurrentThread() || !hasEnded(running, Duration.ZERO);
		signal.stop();
		return new Shutdown(signal, running, publisher, connections, wasRunning);
	}

	/**
	 * Wait for the end of the run, and cancel what it is doing if that takes too long.
	 * @param grace how long a running statement may go on; not negative
	 * @return whether no run is going on any more
	 */
	public boolean await(Duration grace) {
		if (this.running.isHeldByCurrentThread()) {
			logger.info("Shutting down: the migration run ends when this listener of it has returned");
			return false;
		}
		if (hasEnded(Duration.ZERO)) {
			return !this.wasRunning || ended();
		}
		Running statement = this.publisher.status().running();
		if (statement != null) {
			logger.info("Shutting down: {} may go on for {} s", describe(statement), seconds(grace));
		}
		if (hasEnded(grace)) {
			return ended();
		}
		logger.warn("Shutting down: {} has not ended within {} s and is cancelled",
				(statement != null) ? describe(statement) : "what the migration run is doing", seconds(grace));
		for (int tries = 1; tries <= MAX_CANCELS; tries++) {
			// A driver ignores it if the server is not yet at work.
			this.signal.cancel();
			if (hasEnded(AFTER_CANCEL)) {
				return ended();
			}
		}
		logger
			.warn("Shutting down: the migration run did not end although it was cancelled. Its connections are closed;"
					+ " the next start finds out how far it was");
		this.connections.abort();
		this.signal.giveUp();
		return hasEnded(AFTER_CANCEL) && ended();
	}

	private boolean ended() {
		MigrationException failure = this.publisher.status().failure();
		logger.info("Shutting down: the migration run has ended{}",
				(failure != null) ? ". " + failure.getDescription() : " with everything applied");
		return true;
	}

	private boolean hasEnded(Duration patience) {
		return hasEnded(this.running, patience);
	}

	private static boolean hasEnded(ReentrantLock running, Duration patience) {
		try {
			if (!running.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
				return false;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		running.unlock();
		return true;
	}

	private static String describe(Running running) {
		return (running.statement() == 0) ? "migration " + running.name() : "statement " + running.statement() + " of "
				+ running.statements() + " of migration " + running.name();
	}

	private static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
	}

}
