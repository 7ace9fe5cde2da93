package io.github.migrateboot.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the holder of a lease gives no sign of life any more. No clocks are
 * compared: its row must stay unchanged over answers that span the lease's duration, each
 * of which came soon after the one before. Where DDL stops a whole cluster it delays the
 * holder's signs and these answers alike, so a delayed answer begins a new span.
 * <p>
 * Where every answer is delayed, because the server or the link is slow, there is no such
 * span. But whatever held an answer up had ended when it came, and a sign of life that
 * was held up with it was written then. So several delayed answers in a row that show no
 * sign, over twice the duration, tell as much.
 */
final class LeaseWatch {

	/** A waiter asks at least once a second. */
	static final Duration LONGEST_GAP = Duration.ofSeconds(2);

	/** A sign of life may miss the first of them, and time out in a second. */
	static final int DELAYED_ANSWERS = 6;

	private final Duration duration;

	private @Nullable LeaseRow seen;

	/** When the row was first seen as it is. */
	private long unchanged;

	/** When the answers that came soon after each other began. */
	private long since;

	private long last;

	private int delayed;

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
		if (!row.equals(this.seen)) {
			this.seen = row;
			this.unchanged = now;
			this.since = now;
			this.delayed = 0;
		}
		else if (now - this.last > LONGEST_GAP.toNanos()) {
			this.since = now;
			this.delayed++;
		}
		this.last = now;
		return now - this.since >= this.duration.toNanos()
				|| (this.delayed >= DELAYED_ANSWERS && now - this.unchanged >= 2 * this.duration.toNanos());
	}

	/**
	 * Take note that there was no answer.
	 */
	void interrupted() {
		this.seen = null;
	}

}
