package io.github.migrateboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.settings.StatementSettings.Online;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.util.StringUtils;

/**
 * The properties {@code migrate.*}. Values that cannot be meant are refused when they are
 * bound.
 *
 * @param enabled Whether migrations run when the application starts.
 * @param phase When migrations run.
 * @param mode What a start may do about pending migrations.
 * @param dataSource Name of the DataSource bean that is migrated. The unique or primary
 * one by default.
 * @param url JDBC URL for migrations. That of the application's DataSource by default.
 * @param username User for migrations. That of the application's DataSource by default.
 * @param password Password of the user for migrations.
 * @param driverClassName Class of the driver for "migrate.url". Found by the URL by
 * default.
 * @param properties Driver properties for the connections that migrate.
 * @param initSql Statements to run on the migrating connection before the first
 * migration.
 * @param connectTimeout How long to wait for a database that is not up yet, or that
 * cannot be written to yet. No wait by default.
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
 * @param plan What the mode "plan" writes, and when it fails.
 */
@ConfigurationProperties("migrate")
public record MigrateProperties(boolean enabled, Phase phase, Mode mode, @Nullable String dataSource,
		@Nullable String url, @Nullable String username, @Nullable String password, @Nullable String driverClassName,
		Map<String, String> properties, @Nullable String initSql, Duration connectTimeout, List<String> locations,
		String table, boolean strict, ChecksumPolicy checksum, @Nullable String baseline, List<String> resolve,
		LockSettings lock, StatementSettings statement, Plan plan) {

	public MigrateProperties {
		dataSource = textOrNull(dataSource);
		url = textOrNull(url);
		username = textOrNull(username);
		driverClassName = textOrNull(driverClassName);
		refuseContradictions(dataSource, url, username, password, driverClassName);
		properties = Map.copyOf(KubernetesVariables.remove(properties));
		refuseUser(properties);
		initSql = textOrNull(initSql);
		new ConnectSettings(connectTimeout, initSql);
		locations = List.copyOf(locations);
		// refuses what it would refuse later, but when it is bound
		new ResourceMigrationSource(locations, null);
		if (table.isBlank()) {
			throw new InvalidSettingException("migrate.table is empty.",
					"Set it to a table name such as schema_migrations, or remove it to use that default.");
		}
		baseline = textOrNull(baseline);
		if (baseline != null && !baseline.matches("[0-9]+")) {
			throw new InvalidSettingException("migrate.baseline is \"" + baseline + "\", which is not a version.",
					"Set it to the digits that a migration's file name begins with, for example \"20260102030405\".");
		}
		resolve = List.copyOf(resolve);
		for (String answer : resolve) {
			Resolution.parse(answer);
		}
	}

	/**
	 * Bind what is set. Defaults are values here and not strings of annotations, which
	 * each application would have to find and convert while it starts.
	 */
	@ConstructorBinding
	MigrateProperties(@Nullable Boolean enabled, @Nullable Phase phase, @Nullable Mode mode,
			@Nullable String dataSource, @Nullable String url, @Nullable String username, @Nullable String password,
			@Nullable String driverClassName, @Nullable Map<String, String> properties, @Nullable String initSql,
			@Nullable Duration connectTimeout, @Nullable List<String> locations, @Nullable String table,
			@Nullable Boolean strict, @Nullable ChecksumPolicy checksum, @Nullable String baseline,
			@Nullable List<String> resolve, @Nullable Lock lock, @Nullable Statement statement, @Nullable Plan plan) {
		this(orElse(enabled, true), orElse(phase, Phase.READY), orElse(mode, Mode.APPLY), dataSource, url, username,
				password, driverClassName, orElse(properties, Map.of()), initSql, orElse(connectTimeout, Duration.ZERO),
				orElse(locations, List.of("classpath:db/migrations")), orElse(table, "schema_migrations"),
				orElse(strict, false), orElse(checksum, ChecksumPolicy.WARN), baseline, orElse(resolve, List.of()),
				(lock != null) ? lock.settings() : LockSettings.defaults(),
				(statement != null) ? statement.settings() : StatementSettings.defaults(),
				(plan != null) ? plan : new Plan(null, null));
	}

	private static <T> T orElse(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

	private static void refuseContradictions(@Nullable String dataSource, @Nullable String url,
			@Nullable String username, @Nullable String password, @Nullable String driverClassName) {
		if (dataSource != null && url != null) {
			throw new InvalidSettingException("migrate.data-source and migrate.url are both set.",
					"Remove the one that does not lead to the database to be migrated.");
		}
		if (url != null && !url.startsWith("jdbc:")) {
			throw new InvalidSettingException("migrate.url does not begin with jdbc:.",
					"Set it to a JDBC URL, for example jdbc:postgresql://localhost/orders.");
		}
		if (driverClassName != null && url == null) {
			throw new InvalidSettingException("migrate.driver-class-name is set without migrate.url.",
					"Set migrate.url as well, or remove it: the driver of the DataSource is used.");
		}
		if (StringUtils.hasText(password) && username == null) {
			throw new InvalidSettingException("migrate.password is set without migrate.username.",
					"Set migrate.username as well, or remove it.");
		}
	}

	/**
	 * Refuse a user that nobody would look for there.
	 */
	private static void refuseUser(Map<String, String> properties) {
		for (String name : List.of("user", "password")) {
			if (properties.containsKey(name)) {
				throw new InvalidSettingException("migrate.properties." + name + " is set.",
						"Set migrate.username and migrate.password instead.");
			}
		}
	}

	private static @Nullable String textOrNull(@Nullable String value) {
		return StringUtils.hasText(value) ? value.strip() : null;
	}

	MigratorSettings settings(Instance instance) {
		return new MigratorSettings(this.mode, this.table, this.strict, this.checksum, this.baseline,
				this.resolve.stream().map(Resolution::parse).toList(), this.lock, this.statement,
				new ConnectSettings(this.connectTimeout, this.initSql), instance);
	}

	@Override
	public String toString() {
		// URL, password and driver properties may contain secrets
		return "MigrateProperties[enabled=%s, locations=%s, table=%s]".formatted(this.enabled, this.locations,
				this.table);
	}

	/**
	 * When migrations run.
	 */
	public enum Phase {

		/**
		 * When the application is ready to serve and before it is told so to its
		 * orchestrator.
		 */
		READY,

		/**
		 * While beans are created, before those that need the database.
		 */
		STARTUP

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
	 * @param leaseDuration For how long a lease lasts without being renewed; at least 5s.
	 * Only for the strategy "lease".
	 */
	record Lock(@Nullable LockChoice strategy, @Nullable String name, @Nullable Duration timeout,
			@Nullable Duration pollInterval, @Nullable Duration reportInterval, @Nullable Duration leaseDuration) {

		LockSettings settings() {
			LockSettings defaults = LockSettings.defaults();
			return new LockSettings(orElse(this.strategy, defaults.strategy()), textOrNull(this.name),
					orElse(this.timeout, defaults.timeout()), orElse(this.pollInterval, defaults.pollInterval()),
					orElse(this.reportInterval, defaults.reportInterval()),
					orElse(this.leaseDuration, defaults.leaseDuration()));
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
	 * @param online Whether an ALTER TABLE or CREATE INDEX on MySQL and MariaDB has to
	 * let others write to the table meanwhile.
	 * @param maxBlocking How long a migration may keep the application's sessions waiting
	 * before it is cancelled and rolled back. No limit by default; it is reported only.
	 */
	record Statement(@Nullable Duration lockTimeout, @Nullable Integer retries, @Nullable Duration timeout,
			@Nullable Online online, @Nullable Duration maxBlocking) {

		StatementSettings settings() {
			StatementSettings defaults = StatementSettings.defaults();
			return new StatementSettings(orElse(this.lockTimeout, defaults.lockTimeout()),
					orElse(this.retries, defaults.retries()), this.timeout, orElse(this.online, defaults.online()),
					defaults.blocking().withMax(this.maxBlocking));
		}

	}

	/**
	 * The properties {@code migrate.plan.*}.
	 *
	 * @param file Files to which the mode "plan" writes the plan: ".json" for JSON, ".md"
	 * for Markdown. None by default, so that it is only logged.
	 * @param failOn What makes the mode "plan" end with exit code 1: ids of findings,
	 * such as "rewrite"; "findings" for any of them that its author does not allow;
	 * "pending" for any migration; "refused" if a start would stop before it applies
	 * anything.
	 */
	public record Plan(List<String> file, List<String> failOn) {

		public Plan(@Nullable List<String> file, @Nullable List<String> failOn) {
			this.file = List.copyOf(orElse(file, List.of()));
			this.failOn = List.copyOf(orElse(failOn, List.of()));
			for (String name : this.file) {
				PlanFile.requireFormat(name);
			}
			for (String id : this.failOn) {
				PlanFailure.requireKnown(id);
			}
		}

	}

}
