package io.github.migrateboot.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorSettings;
import io.github.migrateboot.MigratorStatus;
import io.github.migrateboot.MigratorStatus.State;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MigrateHealthIndicator}.
 */
class MigrateHealthIndicatorTests {

	private static final Instant SINCE = Instant.parse("2026-11-01T08:00:00Z");

	@ParameterizedTest
	@CsvSource({ "PENDING,OUT_OF_SERVICE", "WAITING,OUT_OF_SERVICE", "MIGRATING,OUT_OF_SERVICE", "DONE,UP",
			"FAILED,DOWN" })
	void mapsEachStateToAStatus(State state, String status) {
		Health health = MigrateHealthIndicator.health(status(state, null, null, null));
		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).containsEntry("state", state.name().toLowerCase())
			.containsEntry("since", SINCE);
	}

	@Test
	void saysWhomItWaitsFor() {
		LockHolder holder = new LockHolder("4711", "migrate web-1/17 orders", null, "create index i on t (a)");
		Health health = MigrateHealthIndicator.health(status(State.WAITING, 3, holder, null));
		assertThat(health.getDetails()).isEqualTo(Map.of("state", "waiting", "since", SINCE, "pending", 3, "holder",
				"migrate web-1/17 orders (session 4711), running: create index i on t (a)"));
	}

	@Test
	void saysWhyTheRunFailed() {
		MigrationException failure = new MigrationFailedException("Statement 2 failed.", "Mend it.");
		Health health = MigrateHealthIndicator.health(status(State.FAILED, 1, null, failure));
		assertThat(health.getDetails())
			.isEqualTo(Map.of("state", "failed", "since", SINCE, "pending", 1, "failure", "Statement 2 failed."));
	}

	@Test
	void isUpWhenMigrationsAreDisabled() {
		Migrator migrator = new Migrator((vendor) -> List.of(), mock(),
				MigratorSettings.defaults(new Instance("host", 1, "app")));
		Health health = new MigrateHealthIndicator(migrator, false).health();
		assertThat(health).isEqualTo(Health.up().withDetail("enabled", false).build());
	}

	@Test
	void isOutOfServiceBeforeTheRunAndAsksNoDatabase() {
		io.github.migrateboot.MigrationConnections connections = mock();
		Migrator migrator = new Migrator((vendor) -> List.of(), connections,
				MigratorSettings.defaults(new Instance("host", 1, "app")));
		Health health = new MigrateHealthIndicator(migrator, true).health();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		then(connections).shouldHaveNoInteractions();
	}

	private static MigratorStatus status(State state, Integer pending, LockHolder holder, MigrationException failure) {
		return new MigratorStatus(state, SINCE, null, null, pending, holder, null, null, failure);
	}

}
