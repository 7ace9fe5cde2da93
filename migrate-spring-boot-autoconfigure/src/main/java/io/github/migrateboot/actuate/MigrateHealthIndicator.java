package io.github.migrateboot.actuate;

import java.util.Locale;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorStatus;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that is out of service until everything has been migrated, and
 * down once a run has failed. It does not ask the database.
 */
public class MigrateHealthIndicator implements HealthIndicator {

	private final Migrator migrator;

	private final boolean enabled;

	/**
	 * Create the indicator.
	 * @param migrator the migrator
	 * @param enabled whether migrations run; if they do not, the health is always up
	 */
	public MigrateHealthIndicator(Migrator migrator, boolean enabled) {
		this.migrator = migrator;
		this.enabled = enabled;
	}

	@Override
	public Health health() {
		return this.enabled ? health(this.migrator.status()) : Health.up().withDetail("enabled", false).build();
	}

	static Health health(MigratorStatus status) {
		Health.Builder health = Health.status(switch (status.state()) {
			case PENDING, WAITING, MIGRATING -> Status.OUT_OF_SERVICE;
			case DONE -> Status.UP;
			case FAILED -> Status.DOWN;
		}).withDetail("state", status.state().name().toLowerCase(Locale.ROOT)).withDetail("since", status.since());
		if (status.pending() != null) {
			health.withDetail("pending", status.pending());
		}
		if (status.holder() != null) {
			health.withDetail("holder", status.holder().describe());
		}
		if (status.failure() != null) {
			health.withDetail("failure", status.failure().getDescription());
		}
		return health.build();
	}

}
