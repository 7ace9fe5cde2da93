package io.github.migrateboot.settings;

import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * How a {@code Migrator} works. Immutable.
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
		APPLY_AND_EXIT,

		/**
		 * Apply nothing; say what would be applied, after which the application ends.
		 */
		PLAN

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

}
