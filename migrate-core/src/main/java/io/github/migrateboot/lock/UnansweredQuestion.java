package io.github.migrateboot.lock;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a question of a waiter that a connection pooler may not even pass on: says that
 * its answer is waited for, and ends it when the waiter's time is over. What is answered
 * at once costs no thread.
 */
final class UnansweredQuestion {

	private static final Logger logger = LoggerFactory.getLogger(UnansweredQuestion.class);

	private final ElapsedTime time = new ElapsedTime();

	private final Execution question;

	private final ElapsedTime waiting;

	private final Duration timeout;

	private final Duration reportInterval;

	private final PeriodicCheck checks;

	/** Used by one check at a time. */
	private Duration nextReport;

	/**
	 * Create a watch of a question that is about to be asked.
	 * @param question ends it
	 * @param waiting how long its waiter has been waiting
	 * @param timeout how long it may wait
	 * @param reportInterval how often to log what is waited for
	 */
	UnansweredQuestion(Execution question, ElapsedTime waiting, Duration timeout, Duration reportInterval) {
		this.question = question;
		this.waiting = waiting;
		this.timeout = timeout;
		this.reportInterval = reportInterval;
		this.nextReport = reportInterval;
		this.checks = PeriodicCheck.start(reportInterval, this::check);
	}

	private void check() {
		if (this.waiting.get().compareTo(this.timeout) >= 0) {
			this.question.timeOut();
			end();
			return;
		}
		Duration unanswered = this.time.get();
		if (unanswered.compareTo(this.nextReport) >= 0) {
			this.nextReport = unanswered.plus(this.reportInterval);
			logger.info(
					"Waiting for the migration lock for {}: the connection pooler has had no connection to the server"
							+ " for us for {} (PgBouncer: SHOW POOLS)",
					ElapsedTime.seconds(this.waiting.get()), ElapsedTime.seconds(unanswered));
		}
	}

	/**
	 * Return whether it was ended because it took too long.
	 */
	boolean isGivenUp() {
		return this.question.isTimedOut();
	}

	void end() {
		this.checks.end();
	}

}
