package io.github.migrateboot.actuate;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes each migration, so that a trace has it as a span. Version and file are of high
 * cardinality: traces show them, metrics do not.
 */
public class MigrationObservations implements MigrationListener.Factory {

	private final ObservationRegistry registry;

	/**
	 * Create the observations.
	 * @param registry where they are made
	 */
	public MigrationObservations(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public MigrationListener create(String database, Supplier<MigratorStatus> status) {
		return new Observer(this.registry, database);
	}

	/**
	 * Observes the migrations of one database, which run one at a time.
	 */
	private static final class Observer implements MigrationListener {

		private final ObservationRegistry registry;

		private final String database;

		private Observation.@Nullable Scope scope;

		Observer(ObservationRegistry registry, String database) {
			this.registry = registry;
			this.database = database;
		}

		@Override
		public void migrationStarted(Running migration) {
			this.scope = Observation.createNotStarted("migrate.migration", this.registry)
				.contextualName("migrate " + migration.name())
				.lowCardinalityKeyValue("database", this.database)
				.highCardinalityKeyValue("migrate.version", migration.version())
				.highCardinalityKeyValue("migrate.file", migration.name())
				.start()
				.openScope();
		}

		@Override
		public void migrationEnded(Running migration, Outcome outcome, Duration took,
				@Nullable MigrationException failure) {
			Observation.Scope open = this.scope;
			if (open == null) {
				return;
			}
			this.scope = null;
			Observation observation = open.getCurrentObservation();
			open.close();
			observation.lowCardinalityKeyValue("outcome", outcome.name().toLowerCase(Locale.ROOT));
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		}

	}

}
