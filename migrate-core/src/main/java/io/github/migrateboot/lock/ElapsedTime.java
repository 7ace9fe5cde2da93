package io.github.migrateboot.lock;

import java.time.Duration;
import java.util.Locale;

/**
 * A stopwatch that has been started, by the process's own running clock.
 */
public final class ElapsedTime {

	private final long start = System.nanoTime();

	/**
	 * Return how long ago this was started.
	 * @return the time, not negative
	 */
	public Duration get() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	/**
	 * Say how long a time is.
	 * @param duration the time
	 * @return for example {@code 2.0 s}, the same in every language
	 */
	public static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

}
