package io.github.migrateboot.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets time pass, which is a part of some faults.
 */
final class Pause {

	private Pause() {
	}

	static void millis(long millis) {
		until(Duration.ofMillis(millis), () -> false);
	}

	/**
	 * Wait for a state, and look often.
	 * @return whether it came in time
	 */
	static boolean until(Duration timeout, BooleanSupplier state) {
		long end = System.nanoTime() + timeout.toNanos();
		while (!state.getAsBoolean()) {
			long left = end - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			LockSupport.parkNanos(Math.min(left, Duration.ofMillis(10).toNanos()));
		}
		return true;
	}

}
