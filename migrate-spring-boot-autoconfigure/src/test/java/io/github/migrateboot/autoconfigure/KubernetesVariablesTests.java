package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with the environment variables that Kubernetes sets in every container of a
 * namespace for each service of it. A service may have any name.
 */
class KubernetesVariablesTests {

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path).add("1_first.sql", "create table first (id int);");
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate", "migrate-databases", "migrate-databases-orders", "migrate-databases-orders-url",
			"migrate-lock", "migrate-lock-name", "migrate-statement", "migrate-properties", "migrate-locations",
			"migrate-resolve", "migrate-url", "migrate-data-source", "migrate-enabled", "migrate-service",
			"migrate-port", "migrate-databases-service", "migrate-databases-port" })
	void serviceOfAnyNameMeansNothing(String service) {
		for (TestServer server : new TestServer[] { TestServer.H2, TestServer.POSTGRES_EMBEDDED }) {
			try (TestDatabase database = server.create();
					ConfigurableApplicationContext context = start(service(service),
							"--spring.datasource.url=" + database.url(),
							"--spring.datasource.username=" + database.user(),
							"--spring.datasource.password=" + database.password(),
							"--migrate.locations=" + this.folder.location())) {
				assertThat(context.getBean(Migrators.class).names()).containsExactly("default");
				assertThat(context.getBean(MigrateProperties.class).properties()).isEmpty();
				assertThat(database.versions()).containsExactly("1");
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "migrate-databases, service", "migrate-databases, port", "migrate-databases-port, port",
			"migrate-databases-orders, orders" })
	void databaseMayHaveANameThatAlsoIsInAVariable(String service, String name) {
		try (TestDatabase database = TestServer.SQLITE.create();
				ConfigurableApplicationContext context = start(service(service),
						"--migrate.databases." + name + ".url=" + database.url(),
						"--migrate.databases." + name + ".locations=" + this.folder.location())) {
			assertThat(context.getBean(Migrators.class).names()).containsExactly(name);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void databaseMayBeNamedInVariables() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Map<String, Object> variables = service("migrate-databases");
			variables.put("MIGRATE_DATABASES_SERVICE_URL", database.url());
			variables.put("MIGRATE_DATABASES_SERVICE_LOCATIONS_0", this.folder.location());
			try (ConfigurableApplicationContext context = start(variables)) {
				assertThat(context.getBean(Migrators.class).names()).containsExactly("service");
				assertThat(database.versions()).containsExactly("1");
			}
		}
	}

	@Test
	void driverPropertiesThatAreMeantAreKept() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Map<String, Object> variables = service("migrate-properties");
			variables.put("MIGRATE_PROPERTIES_APPLICATIONNAME", "shop");
			try (ConfigurableApplicationContext context = start(variables, "--spring.datasource.url=" + database.url(),
					"--spring.datasource.username=" + database.user(), "--migrate.properties.port=5432",
					"--migrate.enabled=false")) {
				assertThat(context.getBean(MigrateProperties.class).properties())
					.isEqualTo(Map.of("applicationname", "shop", "port", "5432"));
			}
		}
	}

	private static ConfigurableApplicationContext start(Map<String, Object> variables, String... arguments) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		return new SpringApplicationBuilder(Application.class).environment(environment)
			.web(WebApplicationType.NONE)
			.run(arguments);
	}

	/**
	 * Return what Kubernetes sets for a service with two ports, one of which has a name.
	 */
	private static Map<String, Object> service(String name) {
		String prefix = name.toUpperCase(Locale.ROOT).replace('-', '_');
		Map<String, Object> variables = new LinkedHashMap<>();
		variables.put(prefix + "_SERVICE_HOST", "10.0.0.11");
		variables.put(prefix + "_SERVICE_PORT", "5432");
		variables.put(prefix + "_SERVICE_PORT_HTTP_METRICS", "9187");
		variables.put(prefix + "_PORT", "tcp://10.0.0.11:5432");
		for (String port : new String[] { "5432", "9187" }) {
			variables.put(prefix + "_PORT_" + port + "_TCP", "tcp://10.0.0.11:" + port);
			variables.put(prefix + "_PORT_" + port + "_TCP_PROTO", "tcp");
			variables.put(prefix + "_PORT_" + port + "_TCP_PORT", port);
			variables.put(prefix + "_PORT_" + port + "_TCP_ADDR", "10.0.0.11");
		}
		return variables;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class })
	static class Application {

	}

}
