package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a read that a database may hold up for as long as somebody else keeps a lock:
 * reports that it is held up, and cancels it at its limit or at the signal. If not even
 * that is answered, its connection is closed.
 */
final class ReadWatch {

	private static final Logger logger = LoggerFactory.getLogger(ReadWatch.class);

	/** So soon is the signal seen; the watch of a read that is answered does nothing. */
	private static final Duration STEP = Duration.ofMillis(100);

	/** How long the database may take to cancel. */
	private static final Duration GRACE = Duration.ofSeconds(3);

	private final CountDownLatch over = new CountDownLatch(1);

	private final ElapsedTime time = new ElapsedTime();

	private final Statement statement;

	private final Duration limit;

	private final StopSignal signal;

	private final Runnable report;

	private volatile boolean cancelled;

	ReadWatch(Statement statement, Duration limit, StopSignal signal, Runnable report) {
		this.statement = statement;
		this.limit = limit;
		this.signal = signal;
		this.report = report;
		inBackground("migrate-history", this::watch);
	}

	/**
	 * End the watch.
	 * @return whether the read was cancelled
	 */
	boolean end() {
		this.over.countDown();
		return this.cancelled;
	}

	private void watch() {
		try {
			while (!this.over.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
				if (this.signal.isStopped() || this.time.get().compareTo(this.limit) >= 0) {
					this.cancelled = true;
					cancel();
					return;
				}
				this.report.run();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Cancel on another thread: drivers may have to connect for it, which may hang.
	 */
	private void cancel() throws InterruptedException {
		inBackground("migrate-cancel", () -> {
			try {
				this.statement.cancel();
			}
			catch (SQLException ex) {
				logger.debug("The read could not be cancelled: {}", SqlErrors.describe(ex));
			}
		});
		if (!this.over.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
			try {
				this.statement.getConnection().abort(Runnable::run);
			}
			catch (SQLException ex) {
				logger.debug("The connection could not be closed: {}", SqlErrors.describe(ex));
			}
		}
	}

	private static void inBackground(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

}
