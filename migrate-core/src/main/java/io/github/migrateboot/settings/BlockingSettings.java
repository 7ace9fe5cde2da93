package io.github.migrateboot.settings;

import java.time.Duration;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * How long a migration may keep the application's traffic waiting, and what follows.
 *
 * @param max how long a session of others may wait because of the migration before it is
 * cancelled and rolled back, positive, at most 20 days; or {@code null} to report it only
 * @param pause how long to wait before a migration is tried once more whose own work has
 * kept others waiting for too long; not negative
 * @param rest how long no instance tries a migration again for which that was too much
 * twice; not negative
 */
public record BlockingSettings(@Nullable Duration max, Duration pause, Duration rest) {

	private static final Duration LONGEST = Duration.ofDays(20);

	public BlockingSettings {
		if (max != null && (max.isNegative() || max.isZero() || max.compareTo(LONGEST) > 0)) {
			throw new InvalidSettingException("migrate.statement.max-blocking is " + max + ".",
					"Set it to a duration above zero and up to 20 days, such as 10s, or remove it.");
		}
		if (pause.isNegative() || rest.isNegative()) {
			throw new InvalidSettingException("The pause after a migration was cancelled, or the rest, is negative.",
					"Set both to zero or more.");
		}
	}

	/**
	 * Return the default settings: what a migration blocks is reported, and nothing more.
	 * @return the settings
	 */
	public static BlockingSettings defaults() {
		return new BlockingSettings(null, Duration.ofSeconds(30), Duration.ofMinutes(5));
	}

	/**
	 * Return these settings with another limit.
	 * @param max how long others may wait because of a migration, or {@code null} for no
	 * limit
	 * @return the changed settings
	 */
	public BlockingSettings withMax(@Nullable Duration max) {
		return new BlockingSettings(max, this.pause, this.rest);
	}

}
