package io.github.migrateboot.autoconfigure;

import java.time.Duration;

import io.github.migrateboot.Migrators;

import org.springframework.context.SmartLifecycle;

/**
 * Stops a run that is going on when the application shuts down. Among the first to be
 * stopped, so that the web server and the connection pool are still there while a
 * statement finishes.
 */
final class MigrateLifecycle implements SmartLifecycle {

	private static final Duration LONGEST_RESERVE = Duration.ofSeconds(5);

	private final Migrators migrators;

	private final Duration grace;

	private volatile boolean running;

	MigrateLifecycle(Migrators migrators, Duration phaseTimeout) {
		this.migrators = migrators;
		this.grace = grace(phaseTimeout);
	}

	/**
	 * Return how long a statement may go on: what the phase may take, less what
	 * cancelling takes, so that the end of the run is still waited for.
	 */
	static Duration grace(Duration phaseTimeout) {
		boolean ample = phaseTimeout.compareTo(LONGEST_RESERVE.plus(LONGEST_RESERVE)) >= 0;
		return phaseTimeout.minus(ample ? LONGEST_RESERVE : phaseTimeout.dividedBy(2));
	}

	@Override
	public void start() {
		this.migrators.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.migrators.stop(this.grace);
	}

	@Override
	public void stop(Runnable callback) {
		// the others of the phase are stopped by this thread
		new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "migrate-stop").start();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
