package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateEndpoint;
import io.github.migrateboot.actuate.MigrateEndpointWebExtension;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MigrateEndpoint}.
 */
@AutoConfiguration(after = MigrateAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(MigrateEndpoint.class)
@EnableConfigurationProperties(MigrateEndpointProperties.class)
public final class MigrateEndpointAutoConfiguration {

	@Bean
	@ConditionalOnBean(Migrators.class)
	@ConditionalOnMissingBean
	MigrateEndpoint migrateEndpoint(Migrators migrators, MigrateDatabases databases,
			MigrateEndpointProperties properties) {
		return new MigrateEndpoint(migrators, databases::isEnabled, properties.showValues());
	}

	@Bean
	@ConditionalOnBean(MigrateEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	MigrateEndpointWebExtension migrateEndpointWebExtension(MigrateEndpoint endpoint,
			MigrateEndpointProperties properties) {
		return new MigrateEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
	}

}
