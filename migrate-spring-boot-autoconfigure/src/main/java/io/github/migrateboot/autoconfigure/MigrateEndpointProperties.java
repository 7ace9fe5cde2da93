package io.github.migrateboot.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@link ConfigurationProperties @ConfigurationProperties} of the endpoint.
 *
 * @param showValues When to show the texts of statements, and what databases say about
 * them.
 * @param roles Roles used to determine whether a user is authorized to be shown the texts
 * of statements. When empty, all authenticated users are authorized.
 */
@ConfigurationProperties("management.endpoint.migrate")
record MigrateEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {

}
