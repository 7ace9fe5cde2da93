package io.github.migrateboot.history;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A whole journal row, for people.
 *
 * @param version the version
 * @param name the file's name
 * @param state the state
 * @param checksum the file's checksum
 * @param done how many statements have surely taken effect
 * @param statement the statement that was started last and is not surely done, from 1; 0
 * if there is none
 * @param statements how many statements the file has
 * @param startedAt when it was started
 * @param finishedAt when it ended, or {@code null}
 * @param millis how long it took in milliseconds, or {@code null}
 * @param instance which instance ran it
 * @param error why it failed, or {@code null}
 */
public record JournalEntry(String version, String name, JournalState state, String checksum, int done, int statement,
		int statements, @Nullable Instant startedAt, @Nullable Instant finishedAt, @Nullable Long millis,
		String instance, @Nullable String error) {

	/**
	 * What an error begins with that was the end of a migration because it kept the
	 * application's traffic waiting.
	 */
	public static final String BLOCKED_TRAFFIC = "Blocked traffic: it kept ";

	/**
	 * Return whether it failed because it kept the application's traffic waiting.
	 * @return whether it did
	 */
	public boolean hasBlockedTraffic() {
		return this.state == JournalState.FAILED && this.error != null && this.error.startsWith(BLOCKED_TRAFFIC);
	}

	/**
	 * Return whether its rollback failed before anything had taken effect.
	 * @return whether it is as whole as before
	 */
	public boolean isRevertedInVain() {
		return this.state == JournalState.REVERT_FAILED && this.done == 0;
	}

	/**
	 * Return how long it took.
	 * @return the duration, or {@code null} if it has not ended
	 */
	public @Nullable Duration duration() {
		return (this.millis != null) ? Duration.ofMillis(this.millis) : null;
	}

}
