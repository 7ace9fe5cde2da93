package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a run to stop: no wait goes on and no statement is begun after the signal. What
 * is being executed may go on until it is cancelled. Thread-safe.
 */
public final class StopSignal {

	private static final Logger logger = LoggerFactory.getLogger(StopSignal.class);

	private volatile CountDownLatch stopped = new CountDownLatch(1);

	private volatile boolean cancelled;

	/** Guarded by this object. */
	private @Nullable Cancellation running;

	/** Guarded by this object. */
	private boolean waiting;

	/**
	 * Return whether the signal has been given.
	 * @return whether to stop
	 */
	public boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	/**
	 * Return whether what was being executed has been cancelled.
	 * @return whether a statement that fails now fails because of that
	 */
	public boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Pause, until the signal is given at most.
	 * @param duration how long
	 * @return whether to go on
	 * @throws InterruptedException if the thread is interrupted
	 */
	public boolean pause(Duration duration) throws InterruptedException {
		// Notices an interrupt even if there is nothing to wait for.
		return !this.stopped.await(Math.max(0, duration.toNanos()), TimeUnit.NANOSECONDS);
	}

	/**
	 * Note that a statement is about to be executed; {@link #end()} must follow.
	 * @param statement cancels it
	 * @throws StoppedException if the signal has been given
	 */
	public synchronized void begin(Cancellation statement) throws StoppedException {
		requireGoingOn();
		this.running = statement;
	}

	/**
	 * Note that a wait in the server is about to begin, which is cancelled as soon as the
	 * signal is given; {@link #end()} must follow.
	 * @param wait cancels it
	 * @throws StoppedException if the signal has been given
	 */
	synchronized void beginWait(Cancellation wait) throws StoppedException {
		begin(wait);
		this.waiting = true;
	}

	/**
	 * Note that the execution has ended. Waits for a cancellation that is under way, so
	 * that it can't hit the next statement.
	 */
	public synchronized void end() {
		this.running = null;
		this.waiting = false;
	}

	/**
	 * Throw if the signal has been given.
	 * @throws StoppedException if so
	 */
	public void requireGoingOn() throws StoppedException {
		if (isStopped()) {
			throw new StoppedException();
		}
	}

	/**
	 * Give the signal.
	 */
	public void stop() {
		boolean wait;
		synchronized (this) {
			this.stopped.countDown();
			wait = this.waiting;
		}
		if (wait) {
			inBackground(() -> cancelRunning(true));
		}
	}

	/**
	 * Give the signal and cancel what is being executed. Returns at once: drivers may
	 * have to connect for it.
	 */
	public void cancel() {
		stop();
		this.cancelled = true;
		inBackground(() -> cancelRunning(false));
	}

	/**
	 * Take the signal back.
	 */
	public synchronized void reset() {
		this.cancelled = false;
		this.stopped = new CountDownLatch(1);
	}

	private synchronized void cancelRunning(boolean onlyWait) {
		if (this.running == null || (onlyWait && !this.waiting)) {
			return;
		}
		try {
			this.running.cancel();
		}
		catch (SQLException ex) {
			logger.debug("The statement could not be cancelled", ex);
		}
	}

	private static void inBackground(Runnable task) {
		Thread thread = new Thread(task, "migrate-cancel");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Cancels a statement from another thread.
	 */
	@FunctionalInterface
	public interface Cancellation {

		/**
		 * Cancel it.
		 * @throws SQLException if it cannot be cancelled
		 */
		void cancel() throws SQLException;

	}

	/**
	 * Something was not begun because of the signal.
	 */
	public static final class StoppedException extends SQLException {

		StoppedException() {
			super("Stopped because the application is shutting down");
		}

	}

}
