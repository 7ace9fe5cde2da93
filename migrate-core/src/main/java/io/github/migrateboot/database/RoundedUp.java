package io.github.migrateboot.database;

import java.time.Duration;

/**
 * Times as numbers for statements that set limits, never less than what was asked for.
 */
final class RoundedUp {

	private RoundedUp() {
	}

	static long millis(Duration time) {
		return time.plusNanos(999_999).toMillis();
	}

	static long seconds(Duration time) {
		return time.plusNanos(999_999_999).toSeconds();
	}

}
