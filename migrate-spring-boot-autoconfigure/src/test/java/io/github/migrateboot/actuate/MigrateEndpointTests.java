package io.github.migrateboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrateEndpoint}: the shape of its answer.
 */
class MigrateEndpointTests {

	private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

	@Test
	void answersWhileNothingIsKnown() {
		MigratorStatus status = new MigratorStatus(State.PENDING, NOW, null, null, null, null, null, null, null);
		assertThat(json(status, new MigrationList.Answer(List.of(), null, new MigrationList.Stale("No answer.", null))))
			.isEqualTo(
					"""
							{"enabled":true,"databases":{"default":{"enabled":true,"state":"pending","since":"2026-11-01T08:00:00Z",\
							"migrations":[],"stale":true,"staleReason":"No answer."}}}""");
	}

	@Test
	void answersWhileWaiting() {
		LockHolder holder = new LockHolder("4711", "migrate web-1/17 orders", NOW.minusSeconds(9), "create index i");
		MigratorStatus status = new MigratorStatus(State.WAITING, NOW, "PostgreSQL 18.6", "advisory lock 7", 2, holder,
				null, null, null);
		assertThat(json(status, new MigrationList.Answer(List.of(), NOW, null))).isEqualTo(
				"""
						{"enabled":true,"databases":{"default":{"enabled":true,"state":"waiting","since":"2026-11-01T08:00:00Z","database":"PostgreSQL 18.6",\
						"lock":"advisory lock 7","pending":2,"holder":{"session":"4711","instance":"migrate web-1/17 orders",\
						"since":"2026-11-01T07:59:51Z","statement":"create index i"},\
						"migrations":[],"migrationsAsOf":"2026-11-01T08:00:00Z","stale":false}}}""");
	}

	@Test
	void answersWhileMigrating() {
		Running running = new Running("2", "2_second.sql", 3, 5, NOW.minusMillis(1500), null,
				new Blocking(4, Duration.ofMillis(1200)));
		MigratorStatus status = new MigratorStatus(State.MIGRATING, NOW, "H2 2.4", "row", 1, null, running, null, null);
		MigrationInfo first = new MigrationInfo("1", "1_first.sql", MigrationInfo.State.APPLIED, NOW.minusSeconds(60),
				Duration.ofMillis(12), "web-1/17 (orders)", null);
		MigrationInfo second = new MigrationInfo("2", "2_second.sql", MigrationInfo.State.PENDING, null, null, null,
				null);
		assertThat(json(status, new MigrationList.Answer(List.of(first, second), NOW, null))).isEqualTo(
				"""
						{"enabled":true,"databases":{"default":{"enabled":true,"state":"migrating","since":"2026-11-01T08:00:00Z","database":"H2 2.4",\
						"lock":"row","pending":1,"running":{"version":"2","name":"2_second.sql","statement":3,"statements":5,\
						"since":"2026-11-01T07:59:58.500Z","elapsed":"PT1.5S","blocking":{"sessions":4,"longest":"PT1.2S"}},"migrations":[\
						{"version":"1","name":"1_first.sql","state":"applied","appliedAt":"2026-11-01T07:59:00Z",\
						"duration":"PT0.012S","instance":"web-1/17 (orders)"},\
						{"version":"2","name":"2_second.sql","state":"pending"}],\
						"migrationsAsOf":"2026-11-01T08:00:00Z","stale":false}}}""");
	}

	@Test
	void answersAfterARun() {
		MigrationReport report = new MigrationReport(List.of("3"), List.of("1"), List.of(), 1, 0, Duration.ZERO,
				Duration.ofSeconds(2));
		MigratorStatus status = new MigratorStatus(State.DONE, NOW, "SQLite 3.51", "file", 0, null, null, report, null);
		assertThat(json(status, new MigrationList.Answer(List.of(), NOW, null))).isEqualTo(
				"""
						{"enabled":true,"databases":{"default":{"enabled":true,"state":"done","since":"2026-11-01T08:00:00Z","database":"SQLite 3.51",\
						"lock":"file","pending":0,"lastRun":{"applied":["3"],"baselined":["1"],"alreadyApplied":1,\
						"waited":"PT0S","took":"PT2S"},"migrations":[],"migrationsAsOf":"2026-11-01T08:00:00Z",\
						"stale":false}}}""");
	}

	@Test
	void answersAfterAFailure() {
		MigratorStatus status = new MigratorStatus(State.FAILED, NOW, null, null, 1, null, null, null,
				new MigrationFailedException("Statement 2 failed.", "Fix it."));
		MigrationInfo info = new MigrationInfo("2", null, MigrationInfo.State.FAILED, null, null, null,
				"42601: syntax");
		assertThat(json(status, new MigrationList.Answer(List.of(info), NOW, null))).isEqualTo(
				"""
						{"enabled":true,"databases":{"default":{"enabled":true,"state":"failed","since":"2026-11-01T08:00:00Z","pending":1,\
						"failure":{"description":"Statement 2 failed.","action":"Fix it."},\
						"migrations":[{"version":"2","state":"failed","error":"42601: syntax"}],\
						"migrationsAsOf":"2026-11-01T08:00:00Z","stale":false}}}""");
	}

	@Test
	void answersWithoutTextsOfStatements() {
		LockHolder holder = new LockHolder("4711", "web-1/17", NOW, "create index i",
				new StatementProgress("scan", 1L, 2L));
		MigrationFailedException failure = new MigrationFailedException(
				FailureText.of("Statement 2 failed: ").and(new FailureText("no table x", "code 7")).and("."), "Fix it.",
				null);
		MigratorStatus status = new MigratorStatus(State.FAILED, NOW, null, null, 1, holder, null, null, failure);
		MigrationInfo info = new MigrationInfo("2", null, MigrationInfo.State.FAILED, null, null, null,
				"no table x [SQLSTATE 42S02, code 7]");
		MigrationList.Stale stale = new MigrationList.Stale("The list cannot be read", new IllegalStateException("x"));
		assertThat(json(status, new MigrationList.Answer(List.of(info), NOW, stale), StatementTexts.HIDDEN)).isEqualTo(
				"""
						{"enabled":true,"databases":{"default":{"enabled":true,"state":"failed","since":"2026-11-01T08:00:00Z","pending":1,\
						"holder":{"session":"4711","instance":"web-1/17","since":"2026-11-01T08:00:00Z","statement":"******",\
						"progress":{"phase":"scan","done":1,"total":2}},\
						"failure":{"description":"Statement 2 failed: code 7.","action":"Fix it."},\
						"migrations":[{"version":"2","state":"failed","error":"SQLSTATE 42S02, code 7"}],\
						"migrationsAsOf":"2026-11-01T08:00:00Z","stale":true,\
						"staleReason":"The list cannot be read: java.lang.IllegalStateException"}}}""");
	}

	@Test
	void databasesThatDoNotAnswerCostNoMoreThanOneAndTheOthersAreShown() throws Exception {
		CountDownLatch mayGoOn = new CountDownLatch(1);
		MigrationSource stuck = (vendor) -> {
			try {
				mayGoOn.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return List.of();
		};
		Map<String, Migrator> migrators = new LinkedHashMap<>();
		try (TestDatabase database = TestServer.SQLITE.create()) {
			MigratorSettings settings = MigratorSettings.defaults(new Instance("host", 1, "app"));
			migrators.put("stuck", new Migrator(stuck, database.connections(), settings));
			migrators.put("good", new Migrator((vendor) -> List.of(), database.connections(), settings));
			for (int i = 0; i < 5; i++) {
				migrators.put("stuck" + i, new Migrator(stuck, database.connections(), settings));
			}
			MigrateEndpoint endpoint = new MigrateEndpoint(new Migrators(migrators), (name) -> !name.equals("good"),
					Show.NEVER);
			long begin = System.nanoTime();
			MigrateDescriptor answer = endpoint.migrations();
			Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
			mayGoOn.countDown();
			assertThat(elapsed).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(8));
			assertThat(answer.enabled()).isTrue();
			assertThat(answer.databases().keySet()).containsExactly("stuck", "good", "stuck0", "stuck1", "stuck2",
					"stuck3", "stuck4");
			assertThat(answer.databases().values()).extracting(MigrateDescriptor.Database::stale)
				.containsExactly(true, false, true, true, true, true, true);
			assertThat(answer.databases().values()).extracting(MigrateDescriptor.Database::enabled)
				.containsExactly(true, false, true, true, true, true, true);
		}
	}

	private static String json(MigratorStatus status, MigrationList.Answer list) {
		return json(status, list, StatementTexts.SHOWN);
	}

	private static String json(MigratorStatus status, MigrationList.Answer list, StatementTexts texts) {
		StringBuilder json = new StringBuilder();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonEndpointAutoConfiguration.class))
			.run((context) -> json.append(context.getBean(EndpointJsonMapper.class)
				.get()
				.writeValueAsString(new MigrateDescriptor(true,
						Map.of("default", new DatabaseDescription(texts, NOW).of(true, status, list))))));
		return json.toString();
	}

}
