package io.github.migrateboot.actuate;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Measures migrations with Micrometer. Each meter has the tag {@code database}, the name
 * under which it is configured; no meter has a version or a file's name.
 */
public class MigrationMetrics implements MigrationListener.Factory {

	private static final String DATABASE = "database";

	private final MeterRegistry registry;

	/**
	 * Create the metrics.
	 * @param registry where the meters are registered
	 */
	public MigrationMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public MigrationListener create(String database, Supplier<MigratorStatus> status) {
		Meters meters = new Meters(this.registry, database);
		Gauge.builder("migrate.pending", () -> pending(status.get()))
			.description("Migrations that are still to be applied")
			.tag(DATABASE, database)
			.register(this.registry);
		Gauge.builder("migrate.applied", meters, (one) -> one.applied)
			.description("Migrations that are applied, of those that have a file")
			.tag(DATABASE, database)
			.register(this.registry);
		Gauge.builder("migrate.blocking", () -> blocking(status.get()).sessions())
			.description("Sessions that wait because of the running migration")
			.tag(DATABASE, database)
			.register(this.registry);
		TimeGauge
			.builder("migrate.blocking.longest", () -> blocking(status.get()).longest().toMillis(),
					TimeUnit.MILLISECONDS)
			.description("How long the first of the sessions has waited that wait because of the running migration")
			.tag(DATABASE, database)
			.register(this.registry);
		return meters;
	}

	private static Blocking blocking(MigratorStatus status) {
		Running running = status.running();
		Blocking blocking = (running != null) ? running.blocking() : null;
		return (blocking != null) ? blocking : Blocking.NOBODY;
	}

	private static double pending(MigratorStatus status) {
		Integer pending = status.pending();
		return (pending != null) ? pending : Double.NaN;
	}

	/**
	 * The meters of one database.
	 */
	private static final class Meters implements MigrationListener {

		private final MeterRegistry registry;

		private final String database;

		private final Counter retries;

		private volatile double applied = Double.NaN;

		Meters(MeterRegistry registry, String database) {
			this.registry = registry;
			this.database = database;
			this.retries = Counter.builder("migrate.retries")
				.description("How often migrations were retried after a lock timeout, a deadlock or a conflict")
				.tag(DATABASE, database)
				.register(registry);
		}

		@Override
		public void migrationRetried(Running migration) {
			this.retries.increment();
		}

		@Override
		public void migrationEnded(Running migration, Outcome outcome, Duration took,
				@Nullable MigrationException failure) {
			Timer.builder("migrate.migrations")
				.description("Migrations by how they ended")
				.tag(DATABASE, this.database)
				.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
				.register(this.registry)
				.record(took);
		}

		@Override
		public void lockWaited(Duration waited) {
			Timer.builder("migrate.lock.wait")
				.description("Waiting for the migration lock")
				.tag(DATABASE, this.database)
				.register(this.registry)
				.record(waited);
		}

		@Override
		public void completed(MigrationReport report) {
			this.applied = report.applied().size() + report.baselined().size() + report.alreadyApplied();
		}

	}

}
