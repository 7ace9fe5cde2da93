package io.github.migrateboot.settings;

import java.time.Duration;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.lock.LockChoice;
import org.jspecify.annotations.Nullable;

/**
 * How the lock is taken.
 *
 * @param strategy which strategy
 * @param name the lock's name, or {@code null} to derive it from database, schema and
 * history table
 * @param timeout how long to wait for the lock at most; positive
 * @param pollInterval the first pause between two tries, which grows to one second;
 * positive
 * @param reportInterval how often a waiter says whom it waits for; positive
 * @param leaseDuration for how long a lease lasts without being renewed; at least five
 * seconds
 */
public record LockSettings(LockChoice strategy, @Nullable String name, Duration timeout, Duration pollInterval,
		Duration reportInterval, Duration leaseDuration) {

	private static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);

	public LockSettings {
		requirePositive("migrate.lock.timeout", timeout);
		requirePositive("migrate.lock.poll-interval", pollInterval);
		requirePositive("migrate.lock.report-interval", reportInterval);
		if (leaseDuration.compareTo(SHORTEST_LEASE) < 0) {
			throw new InvalidSettingException("migrate.lock.lease-duration is " + leaseDuration + ".",
					"Set it to a duration of at least 5s, such as 30s.");
		}
	}

	/**
	 * Return the default settings.
	 * @return the settings
	 */
	public static LockSettings defaults() {
		return new LockSettings(LockChoice.AUTO, null, Duration.ofMinutes(10), Duration.ofMillis(50),
				Duration.ofSeconds(5), Duration.ofSeconds(30));
	}

	/**
	 * Return these settings with another strategy.
	 * @param strategy which strategy
	 * @return the changed settings
	 */
	public LockSettings withStrategy(LockChoice strategy) {
		return new LockSettings(strategy, this.name, this.timeout, this.pollInterval, this.reportInterval,
				this.leaseDuration);
	}

	/**
	 * Return these settings with another name of the lock.
	 * @param name the lock's name, or {@code null} to derive it
	 * @return the changed settings
	 */
	public LockSettings withName(@Nullable String name) {
		return new LockSettings(this.strategy, name, this.timeout, this.pollInterval, this.reportInterval,
				this.leaseDuration);
	}

	/**
	 * Return these settings with another timeout.
	 * @param timeout how long to wait for the lock at most; positive
	 * @return the changed settings
	 */
	public LockSettings withTimeout(Duration timeout) {
		return new LockSettings(this.strategy, this.name, timeout, this.pollInterval, this.reportInterval,
				this.leaseDuration);
	}

	/**
	 * Return these settings with another poll interval.
	 * @param pollInterval the first pause between two tries; positive
	 * @return the changed settings
	 */
	public LockSettings withPollInterval(Duration pollInterval) {
		return new LockSettings(this.strategy, this.name, this.timeout, pollInterval, this.reportInterval,
				this.leaseDuration);
	}

	/**
	 * Return these settings with another report interval.
	 * @param reportInterval how often a waiter says whom it waits for; positive
	 * @return the changed settings
	 */
	public LockSettings withReportInterval(Duration reportInterval) {
		return new LockSettings(this.strategy, this.name, this.timeout, this.pollInterval, reportInterval,
				this.leaseDuration);
	}

	/**
	 * Return these settings with another duration of a lease.
	 * @param leaseDuration for how long a lease lasts without being renewed; at least
	 * five seconds
	 * @return the changed settings
	 */
	public LockSettings withLeaseDuration(Duration leaseDuration) {
		return new LockSettings(this.strategy, this.name, this.timeout, this.pollInterval, this.reportInterval,
				leaseDuration);
	}

	private static void requirePositive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidSettingException(property + " is " + value + ".",
					"Set it to a duration above zero, such as 30s or 10m.");
		}
	}

}
