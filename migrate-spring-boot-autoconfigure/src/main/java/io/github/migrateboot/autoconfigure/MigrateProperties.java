package io.github.migrateboot.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.migrateboot.MigratorSettings;
import io.github.migrateboot.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.MigratorSettings.LockSettings;
import io.github.migrateboot.MigratorSettings.StatementSettings;
import io.github.migrateboot.MigratorSettings.Mode;
import io.github.migrateboot.Resolution;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.script.ResourceMigrationSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * The properties {@code migrate.*}. Values that cannot be meant are refused when they are
 * bound.
 *
 * @param enabled Whether migrations run when the application is ready.
 * @param mode What a start may do about pending migrations.
 * @param locations Where the migration files are: "classpath:" or "file:" followed by a
 * folder. "{vendor}" is replaced by the database's name in lower case.
 * @param table History table, "schema.table" on PostgreSQL.
 * @param strict Whether to refuse a pending file that is older than the newest applied
 * one.
 * @param checksum What to do when an applied file has changed.
 * @param baseline Version up to which files are recorded as applied, without being run,
 * on a database that has no history. Put it in quotes in YAML.
 * @param resolve Answers to unknown outcomes, each honoured once:
 * "VERSION:STATEMENT=retry" runs the statement again, "VERSION:STATEMENT=skip" counts it
 * as done. Put them in quotes in YAML.
 * @param lock How instances wait for each other.
 * @param statement How long a statement of a migration may wait and run.
 */
@ConfigurationProperties("migrate")
public record MigrateProperties(@DefaultValue("true") boolean enabled, @DefaultValue("apply") Mode mode,
		@DefaultValue("classpath:db/migrations") List<String> locations,
		@DefaultValue("schema_migrations") String table, @DefaultValue("false") boolean strict,
		@DefaultValue("warn") ChecksumPolicy checksum, @Nullable String baseline, @DefaultValue List<String> resolve,
		@DefaultValue Lock lock, @DefaultValue Statement statement) {

	public MigrateProperties {
		locations = List.copyOf(locations);
		// refuses what it would refuse later, but when it is bound
		new ResourceMigrationSource(locations, null);
		if (table.isBlank()) {
			throw new InvalidSettingException("migrate.table is empty.",
					"Set it to a table name such as schema_migrations, or remove it to use that default.");
		}
		baseline = StringUtils.hasText(baseline) ? baseline.strip() : null;
		if (baseline != null && !baseline.matches("[0-9]+")) {
			throw new InvalidSettingException("migrate.baseline is \"" + baseline + "\", which is not a version.",
					"Set it to the digits that a migration's file name begins with, for example \"20260102030405\".");
		}
		resolve = List.copyOf(resolve);
		resolve.forEach(Resolution::parse);
	}

	MigratorSettings settings(Instance instance) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline,
				this.resolve.stream().map(Resolution::parse).toList(), this.lock.settings(), this.statement.settings(),
				instance);
	}

	/**
	 * The properties {@code migrate.lock.*}.
	 *
	 * @param strategy Lock strategy. The default picks what fits the database.
	 * @param name Name of the lock, to share it or to separate it. Derived from database,
	 * schema and history table by default.
	 * @param timeout How long an instance waits for its turn.
	 * @param pollInterval First pause between two tries to get the lock. It grows to one
	 * second.
	 * @param reportInterval How often a waiting instance says whom it waits for.
	 */
	public record Lock(@DefaultValue("auto") LockChoice strategy, @Nullable String name,
			@DefaultValue("10m") Duration timeout, @DefaultValue("50ms") Duration pollInterval,
			@DefaultValue("5s") Duration reportInterval) {

		public Lock {
			name = StringUtils.hasText(name) ? name.strip() : null;
			// likewise
			new LockSettings(strategy, name, timeout, pollInterval, reportInterval);
		}

		LockSettings settings() {
			return new LockSettings(this.strategy, this.name, this.timeout, this.pollInterval, this.reportInterval);
		}

	}

	/**
	 * The properties {@code migrate.statement.*}.
	 *
	 * @param lockTimeout How long one statement may queue for a lock before it gives up
	 * and lets the application's traffic through. Never applied to statements with
	 * CONCURRENTLY outside a transaction.
	 * @param retries How often a migration that can be repeated is tried again after
	 * that, or after a deadlock, with growing pauses.
	 * @param timeout How long one statement may run. No limit by default.
	 */
	public record Statement(@DefaultValue("5s") Duration lockTimeout, @DefaultValue("10") int retries,
			@Nullable Duration timeout) {

		public Statement {
			// likewise
			new StatementSettings(lockTimeout, retries, timeout);
		}

		StatementSettings settings() {
			return new StatementSettings(this.lockTimeout, this.retries, this.timeout);
		}

	}

}
