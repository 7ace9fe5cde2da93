package io.github.migrateboot.settings;

import java.time.Duration;

import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * How the database is connected to.
 *
 * @param timeout how long to wait for a database that is not up yet, or that cannot be
 * written to yet; zero not to wait
 * @param initSql what to run on the migrating connection before the first migration, or
 * {@code null}
 */
public record ConnectSettings(Duration timeout, @Nullable String initSql) {

	public ConnectSettings {
		if (timeout.isNegative()) {
			throw new InvalidSettingException("migrate.connect-timeout is " + timeout + ".",
					"Set it to a duration such as 30s or 2m, or to 0s to wait for no database.");
		}
	}

	/**
	 * Return the default settings.
	 * @return the settings
	 */
	public static ConnectSettings defaults() {
		return new ConnectSettings(Duration.ZERO, null);
	}

	/**
	 * Return these settings with another timeout.
	 * @param timeout how long to wait for a database; zero not to wait
	 * @return the changed settings
	 */
	public ConnectSettings withTimeout(Duration timeout) {
		return new ConnectSettings(timeout, this.initSql);
	}

	/**
	 * Return these settings with other SQL to begin with.
	 * @param initSql what to run on the migrating connection before the first migration,
	 * or {@code null}
	 * @return the changed settings
	 */
	public ConnectSettings withInitSql(@Nullable String initSql) {
		return new ConnectSettings(this.timeout, initSql);
	}

}
