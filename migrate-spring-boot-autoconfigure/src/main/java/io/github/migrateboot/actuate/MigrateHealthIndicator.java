package io.github.migrateboot.actuate;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.status.MigratorStatus;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that is out of service until everything has been migrated, and
 * down once a run has failed; of several databases the worst counts. It asks no database.
 */
public class MigrateHealthIndicator implements HealthIndicator {

	private final Migrators migrators;

	private final Predicate<String> enabled;

	private final StatementTexts texts;

	/**
	 * Create the indicator.
	 * @param migrators the migrators
	 * @param enabled whether the migrations of the database of a name run; one whose
	 * migrations do not is always up
	 * @param showStatements whether the details have the texts of statements
	 */
	public MigrateHealthIndicator(Migrators migrators, Predicate<String> enabled, boolean showStatements) {
		this.migrators = migrators;
		this.enabled = enabled;
		this.texts = StatementTexts.of(showStatements);
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		Set<Status> statuses = new HashSet<>();
		this.migrators.asMap().forEach((name, migrator) -> {
			Health database = this.enabled.test(name) ? health(migrator.status(), this.texts)
					: Health.up().withDetail("enabled", false).build();
			statuses.add(database.getStatus());
			health.withDetail(name, database.getDetails());
		});
		Stream.of(Status.DOWN, Status.OUT_OF_SERVICE).filter(statuses::contains).findFirst().ifPresent(health::status);
		return health.build();
	}

	static Health health(MigratorStatus status, StatementTexts texts) {
		Health.Builder health = Health.status(switch (status.state()) {
			case PENDING, WAITING, MIGRATING -> Status.OUT_OF_SERVICE;
			case DONE -> Status.UP;
			case FAILED -> Status.DOWN;
		}).withDetail("state", status.state().name().toLowerCase(Locale.ROOT)).withDetail("since", status.since());
		if (status.pending() != null) {
			health.withDetail("pending", status.pending());
		}
		if (status.holder() != null) {
			health.withDetail("holder", texts.holder(status.holder()));
		}
		if (status.failure() != null) {
			health.withDetail("failure", texts.failure(status.failure()));
		}
		return health.build();
	}

}
