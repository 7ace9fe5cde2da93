package io.github.migrateboot.engine.execution;

import java.time.Duration;

import io.github.migrateboot.database.TableName;
import io.github.migrateboot.lock.ElapsedTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs now and then what is waited for.
 */
final class HistoryWaitReport {

	private static final Logger logger = LoggerFactory.getLogger(HistoryWaitReport.class);

	private final TableName table;

	private final String reason;

	private final ElapsedTime time;

	private final @Nullable Duration interval;

	/** Guarded by this object. */
	private Duration next;

	HistoryWaitReport(TableName table, String reason, ElapsedTime time, @Nullable Duration interval) {
		this.table = table;
		this.reason = reason;
		this.time = time;
		this.interval = interval;
		this.next = (interval != null) ? interval : Duration.ZERO;
	}

	synchronized void tell() {
		Duration waited = this.time.get();
		if (this.interval != null && waited.compareTo(this.next) >= 0) {
			this.next = waited.plus(this.interval);
			logger.info("Waiting for the history table {} for {}: {}", this.table, ElapsedTime.seconds(waited),
					this.reason);
		}
	}

}
