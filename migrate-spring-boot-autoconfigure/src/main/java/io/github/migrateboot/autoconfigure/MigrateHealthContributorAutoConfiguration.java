package io.github.migrateboot.autoconfigure;

import java.util.Set;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateHealthIndicator;
import io.github.migrateboot.actuate.ReadinessGroupPostProcessor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health contributor
 * {@code migrate} and its place in the readiness group.
 */
@AutoConfiguration(after = { MigrateAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(Migrators.class)
@ConditionalOnEnabledHealthIndicator("migrate")
public final class MigrateHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "migrateHealthIndicator", "migrateHealthContributor" })
	MigrateHealthIndicator migrateHealthContributor(Migrators migrators, MigrateDatabases databases,
			Environment environment) {
		return new MigrateHealthIndicator(migrators, databases::isEnabled, isAlwaysShown(environment));
	}

	/**
	 * Return whether anybody may see texts of statements. Health details are asked for
	 * without a word on who asks, and may be there without the classes of the endpoint.
	 */
	private static boolean isAlwaysShown(Environment environment) {
		return Binder.get(environment)
			.bind("management.endpoint.migrate.show-values", String.class)
			.map((value) -> value.strip().equalsIgnoreCase("always"))
			.orElse(false);
	}

	/**
	 * The place in the readiness group, where there are groups.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
	static class ReadinessGroupConfiguration {

		/*
		 * Spring Boot adds the group in a post-processor of the lowest precedence. Among
		 * equals the order of the definitions decides, that of the auto-configurations.
		 */
		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		static HealthEndpointGroupsPostProcessor migrateReadinessGroupPostProcessor(Environment environment) {
			Set<String> excluded = Binder.get(environment)
				.bind("management.endpoint.health.group.readiness.exclude", Bindable.setOf(String.class))
				.orElseGet(Set::of);
			if (excluded.contains("migrate") || excluded.contains("*")) {
				return (groups) -> groups;
			}
			return new ReadinessGroupPostProcessor("migrate");
		}

	}

}
