package io.github.migrateboot.actuate;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.MigratorStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
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
		Health health = MigrateHealthIndicator.health(status(state, null, null, null), StatementTexts.SHOWN);
		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).containsEntry("state", state.name().toLowerCase())
			.containsEntry("since", SINCE);
	}

	@Test
	void saysWhomItWaitsFor() {
		LockHolder holder = new LockHolder("4711", "migrate web-1/17 orders", null, "create index i on t (a)");
		Health health = MigrateHealthIndicator.health(status(State.WAITING, 3, holder, null), StatementTexts.SHOWN);
		assertThat(health.getDetails()).isEqualTo(Map.of("state", "waiting", "since", SINCE, "pending", 3, "holder",
				"migrate web-1/17 orders (session 4711), running: create index i on t (a)"));
	}

	@Test
	void saysWhyTheRunFailed() {
		MigrationException failure = new MigrationFailedException("Statement 2 failed.", "Fix it.");
		Health health = MigrateHealthIndicator.health(status(State.FAILED, 1, null, failure), StatementTexts.SHOWN);
		assertThat(health.getDetails())
			.isEqualTo(Map.of("state", "failed", "since", SINCE, "pending", 1, "failure", "Statement 2 failed."));
	}

	@Test
	void leavesOutTextsOfStatements() {
		LockHolder holder = new LockHolder("4711", "web-1/17", null, "create index i on t (a)");
		MigrationException failure = new MigrationFailedException(new FailureText("no x [code 7]", "code 7"), "Fix it.",
				null);
		Health health = MigrateHealthIndicator.health(status(State.FAILED, 1, holder, failure), StatementTexts.HIDDEN);
		assertThat(health.getDetails()).isEqualTo(Map.of("state", "failed", "since", SINCE, "pending", 1, "holder",
				"web-1/17 (session 4711)", "failure", "code 7"));
	}

	@Test
	void worstOfSeveralDatabasesCountsAndEachIsDescribed() {
		Migrator done = migrator("done", List.of());
		done.migrate();
		Migrator pending = migrator("pending", List.of());
		Migrator failed = migrator("failed", null);
		assertThatException().isThrownBy(failed::migrate);
		assertThat(health(Map.of("a", done, "b", done)).getStatus()).isEqualTo(Status.UP);
		assertThat(health(Map.of("a", done, "b", pending)).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		Health health = health(Map.of("a", done, "b", failed, "c", pending));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsOnlyKeys("a", "b", "c");
		assertThat(health.getDetails().get("a").toString()).contains("state=done");
		assertThat(health.getDetails().get("b").toString()).contains("state=failed", "failure=");
		assertThat(health.getDetails().get("c").toString()).contains("state=pending");
	}

	@Test
	void databaseThatIsDisabledDoesNotCount() {
		Migrators migrators = new Migrators(Map.of("off", migrator("off", List.of()), "on", migrator("on", List.of())));
		migrators.get("on").migrate();
		Health health = new MigrateHealthIndicator(migrators, "on"::equals, false).health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("off", Map.of("enabled", false));
	}

	private static Health health(Map<String, Migrator> migrators) {
		return new MigrateHealthIndicator(new Migrators(migrators), (name) -> true, false).health();
	}

	private static Migrator migrator(String database, List<MigrationFile> files) {
		MigrationConnections connections = new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return DriverManager.getConnection("jdbc:h2:mem:" + database);
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
		return new Migrator((vendor) -> Objects.requireNonNull(files), connections,
				MigratorSettings.defaults(new Instance("host", 1, "app")));
	}

	@Test
	void isUpWhenMigrationsAreDisabled() {
		Migrator migrator = new Migrator((vendor) -> List.of(), mock(),
				MigratorSettings.defaults(new Instance("host", 1, "app")));
		Health health = new MigrateHealthIndicator(Migrators.of(migrator), (name) -> false, false).health();
		assertThat(health).isEqualTo(Health.up().withDetail("default", Map.of("enabled", false)).build());
	}

	@Test
	void isOutOfServiceBeforeTheRunAndAsksNoDatabase() {
		MigrationConnections connections = mock();
		Migrator migrator = new Migrator((vendor) -> List.of(), connections,
				MigratorSettings.defaults(new Instance("host", 1, "app")));
		Health health = new MigrateHealthIndicator(Migrators.of(migrator), (name) -> true, false).health();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		then(connections).shouldHaveNoInteractions();
	}

	private static MigratorStatus status(State state, Integer pending, LockHolder holder, MigrationException failure) {
		return new MigratorStatus(state, SINCE, null, null, pending, holder, null, null, failure);
	}

}
