package io.github.migrateboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateEndpoint;
import io.github.migrateboot.actuate.MigrateEndpointWebExtension;
import io.github.migrateboot.actuate.MigrateHealthIndicator;
import io.github.migrateboot.actuate.MigrationMetrics;
import io.github.migrateboot.actuate.MigrationObservations;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.settings.Resolution.Action;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the auto-configurations.
 */
class MigrateAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class, MigrateEndpointAutoConfiguration.class,
				MigrateHealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class));

	private final ApplicationContextRunner runnerWithDataSource = this.runner
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@ParameterizedTest
	@ValueSource(strings = { "migrator", "migrators", "namedMigrators", "migratorFactory", "migrationSource",
			"migrationConnections", "migrationConnectionsFactory", "migrationRunner", "migrationEvents",
			"migrationListener", "migrationListenersPostProcessor", "migrationMetrics", "migrationObservations",
			"connectionsFactory", "migrateProperties", "migrationStrategy", "migratorCustomizer" })
	void leavesNamesToTheApplication(String name) {
		this.runnerWithDataSource
			.withConfiguration(AutoConfigurations.of(MigrateMetricsAutoConfiguration.class,
					MigrateObservationAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("management.endpoints.web.exposure.include=migrate", "migrate.phase=startup",
					"migrate.locations=classpath:phase")
			.withBean(name, Map.class, () -> Map.of("the application's", "own"))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(Migrator.class)
					.hasSingleBean(MigrationSource.class)
					.hasSingleBean(MigrationConnections.class)
					.hasSingleBean(MigrateEndpoint.class)
					.hasSingleBean(MigrationMetrics.class)
					.hasSingleBean(MigrationObservations.class);
				assertThat(context.getBean(name)).isEqualTo(Map.of("the application's", "own"));
				assertThat(context.getBean(Migrators.class).asMap()).containsOnlyKeys("default");
			});
	}

	@Test
	void namesOfBeansBeginWithThatOfTheProduct() {
		this.runnerWithDataSource
			.withConfiguration(AutoConfigurations.of(MigrateMetricsAutoConfiguration.class,
					MigrateObservationAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("management.endpoints.web.exposure.include=migrate", "migrate.phase=startup",
					"migrate.enabled=false")
			.run((context) -> assertThat(List.of(context.getBeanDefinitionNames()))
				.filteredOn((name) -> isDefinedHere(context.getBeanFactory().getBeanDefinition(name)))
				.hasSizeGreaterThan(15)
				.allMatch((name) -> name.startsWith("migrate")));
	}

	private static boolean isDefinedHere(BeanDefinition definition) {
		return definition instanceof AnnotatedBeanDefinition method && method.getFactoryMethodMetadata() != null
				&& method.getFactoryMethodMetadata()
					.getDeclaringClassName()
					.startsWith(MigrateAutoConfiguration.class.getPackageName())
				&& !method.getFactoryMethodMetadata().getDeclaringClassName().contains("Tests");
	}

	@Test
	void backsOffWithNoDataSourceBean() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(Migrator.class)
			.doesNotHaveBean(MigrateProperties.class)
			.doesNotHaveBean(MigrateOnReadyListener.class)
			.doesNotHaveBean(MigrateEndpoint.class)
			.doesNotHaveBean(MigrateHealthIndicator.class));
	}

	@Test
	void createsMigratorForTheDataSource() {
		this.runnerWithDataSource.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
			.hasSingleBean(MigrationSource.class)
			.hasSingleBean(DataSourceConnections.class)
			.hasSingleBean(Migrators.class)
			.hasSingleBean(MigrateOnReadyListener.class));
	}

	@Test
	void createsMigratorForThePrimaryDataSource() {
		this.runner.withUserConfiguration(TwoDataSources.class, PrimaryDataSource.class)
			.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
				.hasSingleBean(MigrateOnReadyListener.class));
	}

	@Test
	void refusesTwoDataSourcesOfWhichNoneIsPrimary() {
		this.runner.withUserConfiguration(TwoDataSources.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidSettingException.class)
				.hasMessageStartingWith(
						"It is not known which database to migrate: of the DataSource beans first, second"
								+ " none is the primary one. Set migrate.data-source to the name of one of them"));
	}

	@Test
	void startsWithTwoDataSourcesOfWhichNoneIsPrimaryIfDisabled() {
		this.runner.withUserConfiguration(TwoDataSources.class)
			.withPropertyValues("migrate.enabled=false", "management.endpoints.web.exposure.include=migrate")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MigrateHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
				assertThat(context.getBean(MigrateEndpoint.class).migrations().databases().get("default").staleReason())
					.startsWith("It is not known which database to migrate");
			});
	}

	@Test
	void knowsWhoAsksOverTheWebOnly() {
		this.runnerWithDataSource
			.withPropertyValues("management.endpoints.jmx.exposure.include=migrate", "spring.jmx.enabled=true",
					"management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasSingleBean(MigrateEndpoint.class)
				.doesNotHaveBean(MigrateEndpointWebExtension.class));
		this.runnerWithDataSource.withPropertyValues("management.endpoints.web.exposure.include=migrate")
			.run((context) -> assertThat(context).hasSingleBean(MigrateEndpointWebExtension.class));
		this.runnerWithDataSource.withPropertyValues("management.endpoints.web.exposure.include=migrate")
			.withBean("own", MigrateEndpointWebExtension.class, () -> mock(MigrateEndpointWebExtension.class))
			.run((context) -> assertThat(context).hasSingleBean(MigrateEndpointWebExtension.class).hasBean("own"));
	}

	@Test
	void definesNothingElseWhereTheUserHasDefinedMigrator() {
		this.runnerWithDataSource.withUserConfiguration(OwnMigrator.class)
			.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
				.hasBean("ownMigrator")
				.doesNotHaveBean(MigrationSource.class)
				.doesNotHaveBean(MigrationConnections.class)
				.hasSingleBean(MigrateOnReadyListener.class)
				.hasSingleBean(MigrateHealthIndicator.class));
	}

	@Test
	void runsMigratorOfTheUserWithoutDataSource() {
		this.runner.withUserConfiguration(OwnMigrator.class)
			.run((context) -> assertThat(context).hasSingleBean(MigrateOnReadyListener.class));
	}

	@Test
	void usesConnectionsOfTheUserWithTwoDataSources() {
		this.runner.withUserConfiguration(TwoDataSources.class, OwnConnections.class)
			.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
				.hasSingleBean(MigrationConnections.class)
				.hasSingleBean(MigrateOnReadyListener.class));
	}

	@Test
	void usesSourceOfTheUser() {
		this.runnerWithDataSource.withUserConfiguration(OwnSource.class)
			.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
				.hasSingleBean(MigrationSource.class)
				.hasBean("ownSource"));
	}

	@Test
	void doesNotRunMigratorOfTheParentContextAgain() {
		this.runnerWithDataSource.run((parent) -> this.runner.withParent(parent)
			.run((context) -> assertThat(
					context.getBeanFactory().getBeanNamesForType(MigrateOnReadyListener.class, true, false))
				.isEmpty()));
	}

	@Test
	void keepsMigratorWhenDisabledBecauseThatIsDecidedAtRunTime() {
		this.runnerWithDataSource.withPropertyValues("migrate.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(Migrator.class)
				.hasSingleBean(MigrateOnReadyListener.class));
	}

	@Test
	void bindsEveryPropertyToTheSettings() {
		this.runnerWithDataSource
			.withPropertyValues("migrate.locations=file:/srv/a,classpath:b/{vendor}", "migrate.table=app.history",
					"migrate.strict=true", "migrate.checksum=fail", "migrate.baseline=0012",
					"migrate.resolve=0013:2=retry,0013:2=skip", "migrate.lock.strategy=none",
					"migrate.lock.name=shared", "migrate.lock.timeout=90s", "migrate.lock.poll-interval=20ms",
					"migrate.lock.report-interval=1m", "migrate.connect-timeout=2m", "migrate.init-sql=set role owner")
			.run((context) -> {
				MigrateProperties properties = context.getBean(MigrateProperties.class);
				assertThat(properties.locations()).containsExactly("file:/srv/a", "classpath:b/{vendor}");
				Instance instance = new Instance("host", 1, "app");
				assertThat(properties.settings(instance)).isEqualTo(MigratorSettings.defaults(instance)
					.withTable("app.history")
					.withStrict(true)
					.withChecksum(ChecksumPolicy.FAIL)
					.withBaseline("0012")
					.withResolve(
							List.of(new Resolution("0013", 2, Action.RETRY), new Resolution("0013", 2, Action.SKIP)))
					.withLock(LockSettings.defaults()
						.withStrategy(LockChoice.NONE)
						.withName("shared")
						.withTimeout(Duration.ofSeconds(90))
						.withPollInterval(Duration.ofMillis(20))
						.withReportInterval(Duration.ofMinutes(1)))
					.withConnect(new ConnectSettings(Duration.ofMinutes(2), "set role owner")));
			});
	}

	@Test
	void hasTheDefaultsOfTheEngine() {
		this.runnerWithDataSource.run((context) -> {
			MigrateProperties properties = context.getBean(MigrateProperties.class);
			Instance instance = new Instance("host", 1, "app");
			assertThat(properties.enabled()).isTrue();
			assertThat(properties.locations()).containsExactly("classpath:db/migrations");
			assertThat(properties.settings(instance)).isEqualTo(MigratorSettings.defaults(instance));
		});
	}

	@Test
	void isFoundByAnApplication() {
		new ApplicationContextRunner().withUserConfiguration(WholeApplication.class)
			.withPropertyValues("management.endpoints.web.exposure.include=migrate")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Migrator.class)
				.hasBean("migrateEndpoint")
				.hasBean("migrateHealthContributor"));
	}

	@Test
	void hasHealthWithoutReadinessGroupWhereHealthIsThereAndActuatorIsNot() {
		this.runnerWithDataSource.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("migrateHealthContributor")
				.doesNotHaveBean("migrateReadinessGroupPostProcessor"));
	}

	@Test
	void runsWithoutAnyPoolOnTheClassPath() {
		this.runnerWithDataSource
			.withClassLoader(
					new FilteredClassLoader("com.zaxxer.hikari", "org.apache.tomcat.jdbc", "org.apache.commons.dbcp2"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Migrator.class));
	}

	@Test
	void hasEndpointOnlyWhereItIsExposed() {
		this.runnerWithDataSource.run((context) -> assertThat(context).doesNotHaveBean(MigrateEndpoint.class));
		this.runnerWithDataSource.withPropertyValues("management.endpoints.web.exposure.include=migrate")
			.run((context) -> assertThat(context).hasSingleBean(MigrateEndpoint.class));
	}

	@Test
	void isInTheReadinessGroupBesideTheReadinessState() {
		this.runnerWithDataSource
			.run((context) -> assertThat(context.getBean(HealthEndpointGroups.class).get("readiness"))
				.satisfies((group) -> {
					assertThat(group.isMember("migrate")).isTrue();
					assertThat(group.isMember("readinessState")).isTrue();
					assertThat(group.isMember("db")).isFalse();
				}));
	}

	@Test
	void isInTheReadinessGroupBesideWhatTheUserHasPutThere() {
		this.runnerWithDataSource.withPropertyValues("management.endpoint.health.group.readiness.include=ping")
			.run((context) -> assertThat(context.getBean(HealthEndpointGroups.class).get("readiness"))
				.satisfies((group) -> {
					assertThat(group.isMember("migrate")).isTrue();
					assertThat(group.isMember("ping")).isTrue();
					assertThat(group.isMember("readinessState")).isFalse();
				}));
	}

	@Test
	void isInTheReadinessGroupOfTheUserWithoutProbes() {
		this.runnerWithDataSource
			.withPropertyValues("management.endpoint.health.probes.enabled=false",
					"management.endpoint.health.group.readiness.include=ping")
			.run((context) -> assertThat(
					context.getBean(HealthEndpointGroups.class).get("readiness").isMember("migrate"))
				.isTrue());
	}

	@Test
	void addsNoReadinessGroupWhereThereIsNone() {
		this.runnerWithDataSource.withPropertyValues("management.endpoint.health.probes.enabled=false")
			.run((context) -> assertThat(context.getBean(HealthEndpointGroups.class).getNames())
				.doesNotContain("readiness"));
	}

	@Test
	void isInNoOtherGroup() {
		this.runnerWithDataSource.withPropertyValues("management.endpoint.health.group.custom.include=ping")
			.run((context) -> {
				HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
				assertThat(groups.get("liveness").isMember("migrate")).isFalse();
				assertThat(groups.get("custom").isMember("migrate")).isFalse();
				assertThat(groups.getNames()).containsExactlyInAnyOrder("liveness", "readiness", "custom");
			});
	}

	@Test
	void leavesTheReadinessGroupWhereTheUserExcludesIt() {
		this.runnerWithDataSource
			.withPropertyValues("management.endpoint.health.group.readiness.include=*",
					"management.endpoint.health.group.readiness.exclude=migrate")
			.run((context) -> assertThat(
					context.getBean(HealthEndpointGroups.class).get("readiness").isMember("migrate"))
				.isFalse());
	}

	@Test
	void keepsTheAdditionalPathOfTheReadinessGroup() {
		this.runnerWithDataSource.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> {
				HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
				assertThat(groups.get("readiness").getAdditionalPath()).hasToString("server:/readyz");
			});
	}

	@Test
	void hasNoHealthWhenItIsSwitchedOff() {
		this.runnerWithDataSource.withPropertyValues("management.health.migrate.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(MigrateHealthIndicator.class);
			assertThat(context.getBean(HealthEndpointGroups.class).get("readiness").isMember("migrate")).isFalse();
		});
	}

	@Test
	void backsOffWhereTheUserHasHealthOfThisName() {
		this.runnerWithDataSource.withBean("migrateHealthIndicator", HealthIndicator.class, () -> () -> null)
			.run((context) -> assertThat(context).doesNotHaveBean(MigrateHealthIndicator.class));
	}

	private static DataSource h2() {
		return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WholeApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		DataSource first() {
			return h2();
		}

		@Bean
		DataSource second() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryDataSource {

		@Bean
		@Primary
		DataSource third() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMigrator {

		@Bean
		Migrator ownMigrator() {
			return new Migrator((vendor) -> List.of(), new DataSourceConnections(h2()),
					MigratorSettings.defaults(new Instance("host", 1, "own")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSource {

		@Bean
		MigrationSource ownSource() {
			return (vendor) -> List.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnections {

		@Bean
		MigrationConnections ownConnections() {
			return new MigrationConnections() {

				@Override
				public java.sql.Connection borrow() throws java.sql.SQLException {
					return h2().getConnection();
				}

				@Override
				public Optional<java.sql.Connection> open(Map<String, String> driverProperties) {
					return Optional.empty();
				}

			};
		}

	}

}
