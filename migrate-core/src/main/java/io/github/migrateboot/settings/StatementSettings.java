package io.github.migrateboot.settings;

import java.time.Duration;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * How long a statement of a migration may wait and run.
 *
 * @param lockTimeout how long one statement may queue for a lock before it gives up and
 * lets the application's traffic through; positive, at most 20 days. Rounded up to whole
 * seconds on MySQL and MariaDB
 * @param retries how often a migration is tried again at most after that, or after a
 * deadlock, if it can be repeated; 0 or more
 * @param timeout how long one statement may run, positive, at most 20 days; or
 * {@code null} for no limit
 * @param online whether DDL of MySQL and MariaDB has to let others write to the table
 * meanwhile
 * @param blocking how long it may keep others waiting
 */
public record StatementSettings(Duration lockTimeout, int retries, @Nullable Duration timeout, Online online,
		BlockingSettings blocking) {

	// PostgreSQL and H2 count milliseconds with 31 bits.
	private static final Duration LONGEST = Duration.ofDays(20);

	public StatementSettings {
		requirePossible("migrate.statement.lock-timeout", lockTimeout);
		if (retries < 0) {
			throw new InvalidSettingException("migrate.statement.retries is " + retries + ".",
					"Set it to 0, to try each migration only once, or to a greater number.");
		}
		if (timeout != null) {
			requirePossible("migrate.statement.timeout", timeout);
		}
	}

	/**
	 * Return the default settings.
	 * @return the settings
	 */
	public static StatementSettings defaults() {
		return new StatementSettings(Duration.ofSeconds(5), 10, null, Online.OFF, BlockingSettings.defaults());
	}

	/**
	 * Return these settings with another lock timeout.
	 * @param lockTimeout how long one statement may queue for a lock
	 * @return the changed settings
	 */
	public StatementSettings withLockTimeout(Duration lockTimeout) {
		return new StatementSettings(lockTimeout, this.retries, this.timeout, this.online, this.blocking);
	}

	/**
	 * Return these settings with another number of retries.
	 * @param retries how often a migration is tried again at most
	 * @return the changed settings
	 */
	public StatementSettings withRetries(int retries) {
		return new StatementSettings(this.lockTimeout, retries, this.timeout, this.online, this.blocking);
	}

	/**
	 * Return these settings with another limit for the time a statement runs.
	 * @param timeout the limit, or {@code null} for none
	 * @return the changed settings
	 */
	public StatementSettings withTimeout(@Nullable Duration timeout) {
		return new StatementSettings(this.lockTimeout, this.retries, timeout, this.online, this.blocking);
	}

	/**
	 * Return these settings with another demand on DDL of MySQL and MariaDB.
	 * @param online whether it has to let others write to the table meanwhile
	 * @return the changed settings
	 */
	public StatementSettings withOnline(Online online) {
		return new StatementSettings(this.lockTimeout, this.retries, this.timeout, online, this.blocking);
	}

	/**
	 * Return these settings with another limit for the time for which others wait.
	 * @param blocking how long a migration may keep others waiting
	 * @return the changed settings
	 */
	public StatementSettings withBlocking(BlockingSettings blocking) {
		return new StatementSettings(this.lockTimeout, this.retries, this.timeout, this.online, blocking);
	}

	private static void requirePossible(String property, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
			throw new InvalidSettingException(property + " is " + value + ".",
					"Set it to a duration above zero and up to 20 days, such as 5s or 10m.");
		}
	}

	/**
	 * Whether an {@code ALTER TABLE} or {@code CREATE INDEX} on MySQL and MariaDB has to
	 * let others write to the table meanwhile.
	 */
	public enum Online {

		/**
		 * It is sent as it is written.
		 */
		OFF,

		/**
		 * It is asked for; what the server refuses to do so is warned about and sent as
		 * it is written.
		 */
		WARN,

		/**
		 * What the server refuses to do so fails, before anything is changed.
		 */
		REQUIRE

	}

}
