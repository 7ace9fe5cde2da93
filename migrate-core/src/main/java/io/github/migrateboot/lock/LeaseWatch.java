package io.github.migrateboot.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the holder of a lease gives no sign of life any more. No clocks are
 * compared: its row must stay unchanged over answers that span the lease's duration, each
 * of which came soon after the one before. Where DDL stops a whole cluster it delays the
 * holder's signs and these answers alike, so a delayed answer begins a new span.
 */
final class LeaseWatch {

	/** A waiter asks at least once a second. */
	static final Duration LONGEST_GAP = Duration.ofSeconds(2);

	private final Duration duration;

	private @Nullable LeaseRow seen;

	private long since;

	private long last;

	LeaseWatch(Duration duration) {
		this.duration = duration;
	}

	/**
	 * Take note of an answer.
	 * @param row what was answered
	 * @param now when, by this process's own running clock, in nanoseconds
	 * @return whether the holder may be taken for dead
	 */
	boolean isOver(LeaseRow row, long now) {
		if (!row.equals(this.seen) || now - this.last > LONGEST_GAP.toNanos()) {
			this.seen = row;
			this.since = now;
		}
		this.last = now;
		return now - this.since >= this.duration.toNanos();
	}

	/**
	 * Take note that there was no answer.
	 */
	void interrupted() {
		this.seen = null;
	}

}
