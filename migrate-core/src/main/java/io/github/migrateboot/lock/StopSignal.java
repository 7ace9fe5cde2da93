package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Tells a run to stop: no wait goes on and no statement is started after the signal. What
 * is being executed may go on until it is cancelled. Thread-safe; no call of a driver is
 * made while a lock is held that another thread needs.
 */
public final class StopSignal {

	private volatile CountDownLatch stopped = new CountDownLatch(1);

	private volatile boolean cancelled;

	/** The last one, which may have ended. Guarded by this object. */
	private @Nullable Execution running;

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
	 * Note that a statement is about to be executed; {@link Execution#end()} or
	 * {@link #end()} must follow.
	 * @param statement cancels it
	 * @return the execution
	 * @throws StoppedException if the signal has been given
	 */
	public Execution begin(Cancellation statement) throws StoppedException {
		return begin(statement, false);
	}

	/**
	 * Note that a wait in the server is about to begin, which is cancelled as soon as the
	 * signal is given; {@link #end()} must follow.
	 * @param wait cancels it
	 * @return the execution, which may also be cancelled because it takes too long
	 * @throws StoppedException if the signal has been given
	 */
	Execution beginWait(Cancellation wait) throws StoppedException {
		return begin(wait, true);
	}

	private synchronized Execution begin(Cancellation cancellation, boolean wait) throws StoppedException {
		requireGoingOn();
		Execution execution = new Execution(cancellation::cancel, wait);
		this.running = execution;
		return execution;
	}

	/**
	 * Note that the execution, if there is one, has ended; see {@link Execution#end()}.
	 */
	public void end() {
		Execution execution = running();
		if (execution != null) {
			execution.end();
		}
	}

	private synchronized @Nullable Execution running() {
		return this.running;
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
		Execution execution = give();
		if (execution != null && execution.isWait()) {
			execution.cancel();
		}
	}

	/**
	 * Give the signal and cancel what is being executed. Returns at once: drivers may
	 * have to connect for it.
	 */
	public void cancel() {
		this.cancelled = true;
		Execution execution = give();
		if (execution != null) {
			execution.cancel();
		}
	}

	// Together with begin(), so that nothing is started after the signal.
	private synchronized @Nullable Execution give() {
		this.stopped.countDown();
		return this.running;
	}

	/**
	 * Give up what is being executed, because its connection is closed: no cancellation
	 * is waited for any more.
	 */
	public void giveUp() {
		cancel();
		Execution execution = running();
		if (execution != null) {
			execution.abandon();
		}
	}

	/**
	 * Take the signal back.
	 */
	public synchronized void reset() {
		this.cancelled = false;
		this.stopped = new CountDownLatch(1);
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
	 * Something was not started because of the signal.
	 */
	public static final class StoppedException extends SQLException {

		StoppedException() {
			super("Stopped because the application is shutting down");
		}

	}

}
