package io.github.migrateboot;

import java.time.Duration;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.lock.LockChoice;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Migrator} works. Immutable.
 *
 * @param mode what a run may do
 * @param table the history table; {@code schema.table} on PostgreSQL
 * @param strict whether a pending file that is older than the newest applied one is
 * refused
 * @param checksum what to do when an applied file has changed
 * @param baseline on a database without history, files up to this version are recorded as
 * applied and not run; or {@code null}
 * @param resolve answers to unknown outcomes, in the order in which they are to be used
 * @param lock how the lock is taken
 * @param statement how long a statement may wait and run
 * @param connect how the database is connected to
 * @param instance this instance, as others see it in the database
 */
public record MigratorSettings(Mode mode, String table, boolean strict, ChecksumPolicy checksum,
		@Nullable String baseline, List<Resolution> resolve, LockSettings lock, StatementSettings statement,
		ConnectSettings connect, Instance instance) {

	public MigratorSettings {
		if (table.isBlank()) {
			throw new InvalidSettingException("The name of the history table is empty.",
					"Set migrate.table to a table name such as schema_migrations.");
		}
		resolve = List.copyOf(resolve);
	}

	/**
	 * Return the default settings.
	 * @param instance this instance
	 * @return the settings
	 */
	public static MigratorSettings defaults(Instance instance) {
		return new MigratorSettings(Mode.APPLY, "schema_migrations", false, ChecksumPolicy.WARN, null, List.of(),
				LockSettings.defaults(), StatementSettings.defaults(), ConnectSettings.defaults(), instance);
	}

	/**
	 * Return these settings with another mode.
	 * @param mode what a run may do
	 * @return the changed settings
	 */
	public MigratorSettings withMode(Mode mode) {
		return new MigratorSettings(mode, this.table, this.strict, this.checksum, this.baseline, this.resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with another history table.
	 * @param table the history table; {@code schema.table} on PostgreSQL
	 * @return the changed settings
	 */
	public MigratorSettings withTable(String table) {
		return new MigratorSettings(this.mode, table, this.strict, this.checksum, this.baseline, this.resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with or without strict order.
	 * @param strict whether a pending file that is older than the newest applied one is
	 * refused
	 * @return the changed settings
	 */
	public MigratorSettings withStrict(boolean strict) {
		return new MigratorSettings(this.mode, this.table, strict, this.checksum, this.baseline, this.resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with another policy for changed files.
	 * @param checksum what to do when an applied file has changed
	 * @return the changed settings
	 */
	public MigratorSettings withChecksum(ChecksumPolicy checksum) {
		return new MigratorSettings(this.mode, this.table, this.strict, checksum, this.baseline, this.resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with another baseline.
	 * @param baseline on a database without history, files up to this version are
	 * recorded as applied and not run; or {@code null}
	 * @return the changed settings
	 */
	public MigratorSettings withBaseline(@Nullable String baseline) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, baseline, this.resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with other answers to unknown outcomes.
	 * @param resolve the answers, in the order in which they are to be used
	 * @return the changed settings
	 */
	public MigratorSettings withResolve(List<Resolution> resolve) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline, resolve,
				this.lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with another way to take the lock.
	 * @param lock how the lock is taken
	 * @return the changed settings
	 */
	public MigratorSettings withLock(LockSettings lock) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline, this.resolve,
				lock, this.statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with other limits for statements.
	 * @param statement how long a statement may wait and run
	 * @return the changed settings
	 */
	public MigratorSettings withStatement(StatementSettings statement) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline, this.resolve,
				this.lock, statement, this.connect, this.instance);
	}

	/**
	 * Return these settings with another way to connect.
	 * @param connect how the database is connected to
	 * @return the changed settings
	 */
	public MigratorSettings withConnect(ConnectSettings connect) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline, this.resolve,
				this.lock, this.statement, connect, this.instance);
	}

	/**
	 * Return these settings with another instance.
	 * @param instance this instance, as others see it in the database
	 * @return the changed settings
	 */
	public MigratorSettings withInstance(Instance instance) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline, this.resolve,
				this.lock, this.statement, this.connect, instance);
	}

	/**
	 * What a run may do.
	 */
	public enum Mode {

		/**
		 * Apply what is pending.
		 */
		APPLY,

		/**
		 * Apply nothing; fail if the database does not have exactly what the files say.
		 */
		VALIDATE,

		/**
		 * Apply nothing; wait until others have applied everything.
		 */
		WAIT,

		/**
		 * Apply what is pending, after which the application ends. To the engine the same
		 * as {@link #APPLY}.
		 */
		APPLY_AND_EXIT

	}

	/**
	 * What to do when an applied file has changed, line endings aside.
	 */
	public enum ChecksumPolicy {

		/**
		 * Log a warning after the run.
		 */
		WARN,

		/**
		 * Fail before anything is applied.
		 */
		FAIL,

		/**
		 * Do not look.
		 */
		IGNORE

	}

	/**
	 * How the database is connected to.
	 *
	 * @param timeout how long to wait for a database that is not up yet, or that cannot
	 * be written to yet; zero not to wait
	 * @param initSql what to run on the migrating connection before the first migration,
	 * or {@code null}
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
		 * @param initSql what to run on the migrating connection before the first
		 * migration, or {@code null}
		 * @return the changed settings
		 */
		public ConnectSettings withInitSql(@Nullable String initSql) {
			return new ConnectSettings(this.timeout, initSql);
		}

	}

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
	 * @param leaseDuration for how long a lease lasts without being renewed; at least
	 * five seconds
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

	/**
	 * How long a statement of a migration may wait and run.
	 *
	 * @param lockTimeout how long one statement may queue for a lock before it gives up
	 * and lets the application's traffic through; positive, at most 20 days. Rounded up
	 * to whole seconds on MySQL and MariaDB
	 * @param retries how often a migration is tried again at most after that, or after a
	 * deadlock, if it can be repeated; 0 or more
	 * @param timeout how long one statement may run, positive, at most 20 days; or
	 * {@code null} for no limit
	 */
	public record StatementSettings(Duration lockTimeout, int retries, @Nullable Duration timeout) {

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
			return new StatementSettings(Duration.ofSeconds(5), 10, null);
		}

		/**
		 * Return these settings with another lock timeout.
		 * @param lockTimeout how long one statement may queue for a lock
		 * @return the changed settings
		 */
		public StatementSettings withLockTimeout(Duration lockTimeout) {
			return new StatementSettings(lockTimeout, this.retries, this.timeout);
		}

		/**
		 * Return these settings with another number of retries.
		 * @param retries how often a migration is tried again at most
		 * @return the changed settings
		 */
		public StatementSettings withRetries(int retries) {
			return new StatementSettings(this.lockTimeout, retries, this.timeout);
		}

		/**
		 * Return these settings with another limit for the time a statement runs.
		 * @param timeout the limit, or {@code null} for none
		 * @return the changed settings
		 */
		public StatementSettings withTimeout(@Nullable Duration timeout) {
			return new StatementSettings(this.lockTimeout, this.retries, timeout);
		}

		private static void requirePossible(String property, Duration value) {
			if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
				throw new InvalidSettingException(property + " is " + value + ".",
						"Set it to a duration above zero and up to 20 days, such as 5s or 10m.");
			}
		}

	}

}
