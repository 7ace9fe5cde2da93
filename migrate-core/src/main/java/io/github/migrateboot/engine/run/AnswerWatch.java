package io.github.migrateboot.engine.run;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.lock.ElapsedTime;
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
		ElapsedTime time = new ElapsedTime();
		Duration limit = this.timeout.plus(GRACE);
		ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "migrate-answer-watch");
			thread.setDaemon(true);
			return thread;
		});
		try {
			long interval = this.reportInterval.toNanos();
			clock.scheduleAtFixedRate(() -> logger.info("Waiting for an answer of the database for {}, while {}",
					ElapsedTime.seconds(time.get()), doing), interval, interval, TimeUnit.NANOSECONDS);
			clock.schedule(this.giveUp, limit.toNanos(), TimeUnit.NANOSECONDS);
			return work.get();
		}
		catch (DatabaseAccessException ex) {
			throw (time.get().compareTo(limit) < 0) ? ex : timedOut(doing, time.get(), ex);
		}
		finally {
			clock.shutdownNow();
		}
	}

	private static DatabaseAccessException timedOut(String doing, Duration waited, DatabaseAccessException failure) {
		return new DatabaseAccessException(
				"The database accepted a connection and did not answer within %s (migrate.lock.timeout) while %s. %s"
					.formatted(ElapsedTime.seconds(waited), doing, failure.getDescription()),
				"See whether a connection pooler such as PgBouncer has a connection to the server left (SHOW POOLS),"
						+ " and whether somebody has locked the history table, then start again. Nothing that was"
						+ " applied before is lost.",
				failure);
	}

}
