package io.github.migrateboot.engine.run;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.PeriodicCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that an answer is waited for which comes at once as a rule, and ends the wait when
 * it takes too long: a pooler may have no connection to the server left, or somebody may
 * have locked the history table.
 *
 * @param reportInterval how often to log what is waited for
 * @param timeout how long to wait at most
 * @param giveUp closes the connections that are waited on
 */
record AnswerWatch(Duration reportInterval, Duration timeout, Runnable giveUp) {

	private static final Logger logger = LoggerFactory.getLogger(AnswerWatch.class);

	/** What waits for itself, and can say more, comes first. */
	private static final Duration GRACE = Duration.ofSeconds(5);

	/**
	 * Do something for which the database is asked.
	 * @param doing what, as a participle
	 * @param work does it
	 */
	<T> T during(String doing, Supplier<T> work) {
		Watch watch = new Watch(doing);
		PeriodicCheck checks = PeriodicCheck.start(this.reportInterval, watch::check);
		try {
			return work.get();
		}
		catch (DatabaseAccessException ex) {
			throw watch.isOver() ? timedOut(doing, watch.time.get(), ex) : ex;
		}
		finally {
			checks.end();
		}
	}

	private static DatabaseAccessException timedOut(String doing, Duration waited, DatabaseAccessException failure) {
		return new DatabaseAccessException(FailureText
			.of("The database accepted a connection and did not answer within %s (migrate.lock.timeout) while %s. "
				.formatted(ElapsedTime.seconds(waited), doing))
			.and(failure.text()),
				"See whether a connection pooler such as PgBouncer has a connection to the server left (SHOW POOLS),"
						+ " and whether somebody has locked the history table, then start again. Nothing that was"
						+ " applied before is lost.",
				failure);
	}

	/**
	 * Watches one answer. Used by one thread at a time.
	 */
	private final class Watch {

		private final ElapsedTime time = new ElapsedTime();

		private final String doing;

		private Duration nextReport = AnswerWatch.this.reportInterval;

		private boolean gaveUp;

		Watch(String doing) {
			this.doing = doing;
		}

		void check() {
			Duration waited = this.time.get();
			if (waited.compareTo(this.nextReport) >= 0) {
				this.nextReport = waited.plus(AnswerWatch.this.reportInterval);
				logger.info("Waiting for an answer of the database for {}, while {}", ElapsedTime.seconds(waited),
						this.doing);
			}
			if (isOver() && !this.gaveUp) {
				this.gaveUp = true;
				AnswerWatch.this.giveUp.run();
			}
		}

		boolean isOver() {
			return this.time.get().compareTo(AnswerWatch.this.timeout.plus(GRACE)) >= 0;
		}

	}

}
