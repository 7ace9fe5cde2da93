package io.github.migrateboot.lock;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: they grow, and differ at random, so that many who wait don't come
 * at once. Each is between a half and the whole of what it could be. Not thread-safe.
 */
public final class Backoff {

	private final double factor;

	private final Duration longest;

	private final RandomGenerator random = new SplittableRandom();

	private Duration next;

	/**
	 * Create a backoff.
	 * @param first what the first pause is at most
	 * @param factor by what the pauses grow, 1 or more
	 * @param longest what any pause is at most
	 */
	public Backoff(Duration first, double factor, Duration longest) {
		this.factor = factor;
		this.longest = longest;
		this.next = shorter(first, longest);
	}

	/**
	 * Return what the next pause is at most.
	 * @return the duration
	 */
	public Duration peek() {
		return this.next;
	}

	/**
	 * Return the next pause, and let the one after it be longer.
	 * @return the duration, not negative
	 */
	public Duration next() {
		Duration pause = scaled(this.next, 0.5 + this.random.nextDouble() / 2);
		this.next = shorter(scaled(this.next, this.factor), this.longest);
		return pause;
	}

	private static Duration scaled(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

	/**
	 * Return the shorter of two durations.
	 * @param one the one
	 * @param other the other
	 * @return the shorter
	 */
	public static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

}
