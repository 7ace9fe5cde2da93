package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * What a session of the server is executing, and for whom.
 *
 * @param client its user and host, or {@code null} if not visible
 * @param statement what is running, or {@code null} if nothing is or it is not visible
 */
public record SessionActivity(@Nullable String client, @Nullable String statement) {

	/**
	 * Of a session of which nothing is visible.
	 */
	public static final SessionActivity UNKNOWN = new SessionActivity(null, null);

}
