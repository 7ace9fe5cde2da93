package io.github.migrateboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application can put in the place of the starter's own.
 */
class HooksTests {

	private static final MigrationSource NONE = (vendor) -> List.of();

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void customizersChangeWhatTheMigratorIsBuiltFromInTheirOrder() {
		try (ConfigurableApplicationContext context = start(Customizers.class)) {
			assertThat(context.getBean(Customizers.class).seen).containsExactly("first default schema_migrations",
					"second default changed_by_first");
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.DONE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ready", "startup" })
	void strategyReplacesTheRun(String phase) {
		try (ConfigurableApplicationContext context = start(Strategy.class, "--migrate.phase=" + phase)) {
			assertThat(context.getBean(Strategy.class).seen).containsExactly(context.getBean(Migrator.class));
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.PENDING);
		}
	}

	@Test
	void strategyIsNotAskedWhenMigrationsAreDisabled() {
		try (ConfigurableApplicationContext context = start(Strategy.class, "--migrate.enabled=false")) {
			assertThat(context.getBean(Strategy.class).seen).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ready", "startup" })
	void failureOfAStrategyEndsTheStart(String phase) {
		assertThatException().isThrownBy(() -> start(FailingStrategy.class, "--migrate.phase=" + phase))
			.satisfies((failure) -> assertThat(failure).hasStackTraceContaining("not today"));
	}

	@Test
	void severalMigratorsOfTheUserRunByTheNamesOfTheirBeans() {
		try (ConfigurableApplicationContext context = start(TwoMigrators.class)) {
			Migrators migrators = context.getBean(Migrators.class);
			assertThat(migrators.names()).containsExactly("zoo", "aviary");
			assertThat(migrators.asMap().values()).allMatch((migrator) -> migrator.status().state() == State.DONE);
			assertThat(context.getBeansOfType(MigrationConnections.class)).isEmpty();
		}
	}

	@Test
	void migratorsOfTheUserReplaceEverything() {
		try (ConfigurableApplicationContext context = start(OwnMigrators.class,
				"--migrate.databases.other.url=jdbc:h2:mem:other")) {
			assertThat(context.getBean(Migrators.class).names()).containsExactly("mine");
			assertThat(context.getBean(Migrators.class).get("mine").status().state()).isEqualTo(State.DONE);
			assertThat(context.getBeansOfType(Migrator.class)).isEmpty();
		}
	}

	private ConfigurableApplicationContext start(Class<?> hooks, String... more) {
		List<String> arguments = new ArrayList<>(List.of(more));
		arguments.add("--spring.datasource.url=" + this.database.url());
		arguments.add("--migrate.locations=file:/does/not/exist");
		return new SpringApplicationBuilder(Application.class, hooks).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static Migrator migrator(Environment environment) {
		MigrationConnections connections = new DirectConnections(() -> DirectConnector
			.to(environment.getRequiredProperty("spring.datasource.url"), new Credentials(null, null), null, Map.of()));
		return new Migrator(NONE, connections, MigratorSettings.defaults(new Instance("host", 1, "own")));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> seen = new ArrayList<>();

		@Bean
		@Order(2)
		MigratorCustomizer second() {
			return (builder) -> {
				this.seen.add("second " + builder.name() + " " + builder.settings().table());
				builder.source(NONE);
			};
		}

		@Bean
		@Order(1)
		MigratorCustomizer first() {
			return (builder) -> {
				this.seen.add("first " + builder.name() + " " + builder.settings().table());
				builder.settings((settings) -> settings.withTable("changed_by_first"));
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Strategy {

		private final List<Migrator> seen = new ArrayList<>();

		@Bean
		MigrationStrategy strategy() {
			return this.seen::add;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingStrategy {

		@Bean
		MigrationStrategy strategy() {
			return (migrator) -> {
				throw new IllegalStateException("not today");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMigrators {

		@Bean
		Migrator zoo(Environment environment) {
			return migrator(environment);
		}

		@Bean
		Migrator aviary(Environment environment) {
			return migrator(environment);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMigrators {

		@Bean
		Migrators mine(Environment environment) {
			return new Migrators(Map.of("mine", migrator(environment)));
		}

	}

}
