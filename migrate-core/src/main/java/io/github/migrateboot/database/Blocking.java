package io.github.migrateboot.database;

import java.time.Duration;

/**
 * How many sessions of others wait for a lock because of a session.
 *
 * @param sessions how many
 * @param longest how long the one has waited that waits longest; zero if none does
 */
public record Blocking(int sessions, Duration longest) {

	/**
	 * Nobody waits.
	 */
	public static final Blocking NOBODY = new Blocking(0, Duration.ZERO);

}
