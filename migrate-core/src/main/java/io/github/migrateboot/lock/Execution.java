package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.database.SqlErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution, which other threads may cancel as long as it has not ended. Thread-safe;
 * no call of a driver is made while a lock is held.
 */
public final class Execution {

	private static final Logger logger = LoggerFactory.getLogger(Execution.class);

	/** Within which a server that can be reached has been told to cancel a statement. */
	private static final Duration LONGEST_CANCELLATION = Duration.ofSeconds(5);

	/** After which time a statement that goes on is cancelled again, at first. */
	private static final Duration AGAIN_AFTER = Duration.ofMillis(300);

	/** Rolling back what has been cancelled may take long. */
	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private final SqlAction cancellation;

	private final boolean wait;

	/** Guarded by this object, as what follows. */
	private boolean ended;

	private boolean cancelled;

	private boolean timedOut;

	private boolean underWay;

	private boolean abandoned;

	/**
	 * Create an execution that is about to begin.
	 * @param cancellation cancels it
	 * @param wait whether it only waits, and is cancelled as soon as the run is to stop
	 */
	Execution(SqlAction cancellation, boolean wait) {
		this.cancellation = cancellation;
		this.wait = wait;
	}

	boolean isWait() {
		return this.wait;
	}

	/**
	 * Cancel it. Returns at once.
	 */
	public void cancel() {
		cancel(false);
	}

	/**
	 * Cancel it because it takes too long. Returns at once.
	 */
	public void timeOut() {
		cancel(true);
	}

	private void cancel(boolean timeOut) {
		synchronized (this) {
			if (this.ended || this.underWay) {
				return;
			}
			this.timedOut |= timeOut;
			this.cancelled = true;
			this.underWay = true;
		}
		Thread thread = new Thread(this::callDriver, "migrate-cancel");
		thread.setDaemon(true);
		thread.start();
	}

	private void callDriver() {
		Backoff backoff = new Backoff(AGAIN_AFTER, 2, LONGEST_PAUSE);
		try {
			do {
				this.cancellation.run();
			}
			while (!awaitEnd(backoff.next()));
		}
		catch (SQLException ex) {
			logger.warn("What is being executed could not be cancelled: {}", SqlErrors.describe(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			synchronized (this) {
				this.underWay = false;
				notifyAll();
			}
		}
	}

	/**
	 * Wait whether the cancellation has an effect. A routine may catch it and go on, as
	 * one of PL/pgSQL with {@code WHEN query_canceled}.
	 */
	private synchronized boolean awaitEnd(Duration pause) throws InterruptedException {
		if (!isOver()) {
			wait(pause.toMillis());
		}
		return isOver();
	}

	private boolean isOver() {
		return this.ended || this.abandoned;
	}

	/**
	 * Wait for no cancellation any more, because the connection is closed.
	 */
	synchronized void abandon() {
		this.abandoned = true;
		notifyAll();
	}

	/**
	 * Note that the execution has ended. Waits for a cancellation that is under way, so
	 * that it can't hit what is executed next, but not for long: a network may be silent.
	 * @return {@code false} if the cancellation is still under way, so that nothing more
	 * must be executed on the connection
	 */
	public synchronized boolean end() {
		this.ended = true;
		notifyAll();
		boolean interrupted = false;
		ElapsedTime time = new ElapsedTime();
		for (Duration left = LONGEST_CANCELLATION; this.underWay && !this.abandoned
				&& left.toMillis() > 0; left = LONGEST_CANCELLATION.minus(time.get())) {
			try {
				wait(left.toMillis());
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return !this.underWay;
	}

	/**
	 * Return whether a cancellation was tried, by whomever.
	 * @return whether it was
	 */
	public synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Return whether it was cancelled because it took too long.
	 * @return whether it was
	 */
	public synchronized boolean isTimedOut() {
		return this.timedOut;
	}

}
