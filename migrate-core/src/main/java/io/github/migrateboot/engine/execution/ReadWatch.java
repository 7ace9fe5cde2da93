package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.PeriodicCheck;
import io.github.migrateboot.lock.StopSignal;
import org.jspecify.annotations.Nullable;
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

	private final ElapsedTime time = new ElapsedTime();

	private final Statement statement;

	private final Duration limit;

	private final StopSignal signal;

	private final HistoryWaitReport report;

	private final PeriodicCheck checks;

	private volatile @Nullable ElapsedTime sinceCancel;

	ReadWatch(Statement statement, Duration limit, StopSignal signal, HistoryWaitReport report) {
		this.statement = statement;
		this.limit = limit;
		this.signal = signal;
		this.report = report;
		this.checks = PeriodicCheck.start(STEP, this::check);
	}

	/**
	 * End the watch.
	 * @return whether the read was cancelled
	 */
	boolean end() {
		this.checks.end();
		return this.sinceCancel != null;
	}

	private void check() {
		ElapsedTime sinceCancel = this.sinceCancel;
		if (sinceCancel != null) {
			if (sinceCancel.get().compareTo(GRACE) >= 0) {
				this.checks.end();
				abort();
			}
		}
		else if (this.signal.isStopped() || this.time.get().compareTo(this.limit) >= 0) {
			this.sinceCancel = new ElapsedTime();
			cancelInBackground();
		}
		else {
			this.report.tell();
		}
	}

	/**
	 * Cancel on another thread: drivers may have to connect for it, which may hang.
	 */
	private void cancelInBackground() {
		Thread thread = new Thread(this::cancel, "migrate-cancel");
		thread.setDaemon(true);
		thread.start();
	}

	private void cancel() {
		try {
			this.statement.cancel();
		}
		catch (SQLException ex) {
			logger.debug("The read could not be cancelled: {}", SqlErrors.describe(ex));
		}
	}

	private void abort() {
		try {
			SideConnection.abort(this.statement.getConnection());
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be closed: {}", SqlErrors.describe(ex));
		}
	}

}
