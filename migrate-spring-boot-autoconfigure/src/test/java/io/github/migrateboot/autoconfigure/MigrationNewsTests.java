package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.migrateboot.MigrationsCompletedEvent;
import io.github.migrateboot.MigrationsFailedEvent;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that an application hears of its migrations: events, meters, observations.
 */
class MigrationNewsTests {

	private static final List<Object> events = new CopyOnWriteArrayList<>();

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
		this.folder = new MigrationFolder(this.path);
		events.clear();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void publishesAnEventWithTheReport() {
		this.folder.add("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext context = start()) {
			Map<String, MigrationReport> reports = context.getBean(Migrators.class).reports();
			assertThat(reports).containsOnlyKeys("default");
			assertThat(events).containsExactly(new MigrationsCompletedEvent("default", reports.get("default")));
			assertThat(reports.get("default").applied()).containsExactly("1");
		}
	}

	@Test
	void publishesAnEventWithTheFailure() {
		this.folder.add("1_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> start())
			.satisfies((failure) -> assertThat(events).containsExactly(new MigrationsFailedEvent("default", failure)));
	}

	@Test
	void keepsEventsUntilListenersThatAreMethodsAreKnown() {
		List<Object> published = new ArrayList<>();
		MigrationEvents early = new MigrationEvents(published::add);
		MigrationReport report = new MigrationReport(List.of(), List.of(), List.of(), 1, 0, java.time.Duration.ZERO,
				java.time.Duration.ZERO);
		early.create("orders", null).completed(report);
		assertThat(published).isEmpty();
		early.afterSingletonsInstantiated();
		assertThat(published).containsExactly(new MigrationsCompletedEvent("orders", report));
		early.create("orders", null).completed(report);
		assertThat(published).hasSize(2);
	}

	@Test
	void publishesTheEventOfTheStartupPhaseToListenersThatAreMethods() {
		this.folder.add("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext context = start("--migrate.phase=startup")) {
			assertThat(events).containsExactly(
					new MigrationsCompletedEvent("default", context.getBean(Migrators.class).reports().get("default")));
		}
	}

	@Test
	void measuresWithoutVersions() {
		this.folder.add("1_first.sql", "create table first (id int);").add("2_more.sql", "create table more (id int);");
		try (ConfigurableApplicationContext context = start()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("migrate.migrations").tag("database", "default").tag("outcome", "applied").timer())
				.satisfies((timer) -> assertThat(timer.count()).isEqualTo(2))
				.satisfies(
						(timer) -> assertThat(timer.totalTime(java.util.concurrent.TimeUnit.NANOSECONDS)).isPositive());
			assertThat(registry.get("migrate.lock.wait").tag("database", "default").timer().count()).isEqualTo(1);
			assertThat(registry.get("migrate.retries").tag("database", "default").counter().count()).isZero();
			assertThat(registry.get("migrate.pending").tag("database", "default").gauge().value()).isZero();
			assertThat(registry.get("migrate.applied").tag("database", "default").gauge().value()).isEqualTo(2);
			assertThat(
					registry.getMeters().stream().map(Meter::getId).filter((id) -> id.getName().startsWith("migrate")))
				.isNotEmpty()
				.allSatisfy(
						(id) -> assertThat(id.getTags()).extracting("key").isSubsetOf("database", "outcome", "error"));
		}
	}

	@Test
	void measuresFailures() {
		this.folder.add("1_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> start());
		assertThat(Witness.registry.get("migrate.migrations").tag("outcome", "failed").timer().count()).isEqualTo(1);
	}

	@Test
	void observesEachMigration() {
		this.folder.add("1_first.sql", "create table first (id int);").add("2_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> start());
		List<Observation.Context> observed = Witness.observed;
		assertThat(observed).extracting(Observation.Context::getContextualName)
			.containsExactly("migrate 1_first.sql", "migrate 2_bad.sql");
		assertThat(observed.get(0).getError()).isNull();
		assertThat(observed.get(1).getError()).isInstanceOf(MigrationFailedException.class);
		assertThat(observed.get(0).toString())
			.contains("lowCardinalityKeyValues=[database='default', outcome='applied']")
			.contains("migrate.version='1'");
		assertThat(observed.get(1).toString())
			.contains("lowCardinalityKeyValues=[database='default', outcome='failed']");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ready", "startup" })
	void listenerMayCloseTheContext(String phase) {
		this.folder.add("1_first.sql", "create table first (id int);");
		Closing.took.clear();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Witness.class, Closing.class)
			.web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + this.database.url(), "--migrate.locations=" + this.folder.location(),
					"--migrate.phase=" + phase)) {
			assertThat(context.isActive()).isFalse();
		}
		catch (RuntimeException ex) {
			// Whatever else the start wants to do with a context that is closed.
			assertThat(Closing.took).isNotEmpty();
		}
		assertThat(Closing.took).singleElement(InstanceOfAssertFactories.DURATION)
			.isLessThan(java.time.Duration.ofSeconds(10));
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--migrate.locations=" + this.folder.location()));
		arguments.addAll(Arrays.asList(more));
		return new SpringApplicationBuilder(Witness.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Closing {

		private static final List<java.time.Duration> took = new CopyOnWriteArrayList<>();

		private final ConfigurableApplicationContext context;

		Closing(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@EventListener
		void on(MigrationsCompletedEvent event) {
			long begin = System.nanoTime();
			this.context.close();
			took.add(java.time.Duration.ofNanos(System.nanoTime() - begin));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Witness {

		private static SimpleMeterRegistry registry;

		private static List<Observation.Context> observed;

		@Bean
		SimpleMeterRegistry simpleMeterRegistry() {
			registry = new SimpleMeterRegistry();
			return registry;
		}

		@Bean
		ObservationRegistry observationRegistry() {
			observed = new CopyOnWriteArrayList<>();
			ObservationRegistry observations = ObservationRegistry.create();
			observations.observationConfig().observationHandler(new ObservationHandler<>() {

				@Override
				public void onStop(Observation.Context context) {
					if (context.getName().startsWith("migrate")) {
						observed.add(context);
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			});
			return observations;
		}

		@EventListener
		void on(MigrationsCompletedEvent event) {
			events.add(event);
		}

		@EventListener
		void on(MigrationsFailedEvent event) {
			events.add(event);
		}

	}

}
