package io.github.migrateboot.status;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One migration and what has become of it.
 *
 * @param version the version
 * @param name the file's name, or {@code null} if neither the file nor the journal is
 * there
 * @param state its state
 * @param appliedAt when it was finished, or {@code null} if it is not applied or the
 * journal does not say
 * @param duration how long it took, or {@code null} likewise
 * @param instance which instance applied it, or {@code null} likewise
 * @param error why it failed, or {@code null}
 */
public record MigrationInfo(String version, @Nullable String name, State state, @Nullable Instant appliedAt,
		@Nullable Duration duration, @Nullable String instance, @Nullable String error) {

	/**
	 * What has become of a migration.
	 */
	public enum State {

		/**
		 * Applied and recorded.
		 */
		APPLIED,

		/**
		 * Recorded, but there is no such file.
		 */
		MISSING,

		/**
		 * Started and not finished, as the journal says; running, or left by an instance
		 * that was cut off.
		 */
		STARTED,

		/**
		 * Failed.
		 */
		FAILED,

		/**
		 * Not applied yet.
		 */
		PENDING

	}

}
