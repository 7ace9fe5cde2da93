package io.github.migrateboot.lock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Checks something every now and then while something else is under way. What takes less
 * than the period costs no thread.
 */
public final class PeriodicCheck {

	/** The JDK keeps what is scheduled until its time, also if it is over long before. */
	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

	private final Duration period;

	private final Runnable check;

	private volatile boolean over;

	private PeriodicCheck(Duration period, Runnable check) {
		this.period = period;
		this.check = check;
	}

	/**
	 * Start to check.
	 * @param period the time between two checks, and before the first; a second at most
	 * @param check is called by one thread at a time; may run for the last time while it
	 * is being ended
	 * @return what ends it
	 */
	public static PeriodicCheck start(Duration period, Runnable check) {
		PeriodicCheck started = new PeriodicCheck(Backoff.shorter(period, LONGEST_PERIOD), check);
		started.schedule();
		return started;
	}

	private void schedule() {
		CompletableFuture.delayedExecutor(this.period.toNanos(), TimeUnit.NANOSECONDS, PeriodicCheck::inThread)
			.execute(this::run);
	}

	private void run() {
		if (!this.over) {
			this.check.run();
			schedule();
		}
	}

	private static void inThread(Runnable task) {
		Thread thread = new Thread(task, "migrate-check");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Check no more.
	 */
	public void end() {
		this.over = true;
	}

}
