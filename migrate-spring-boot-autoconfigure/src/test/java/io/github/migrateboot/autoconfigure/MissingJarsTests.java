package io.github.migrateboot.autoconfigure;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.migrateboot.connection.MigrationConnections;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application starts without the jars that are optional, with a class
 * loader that really lacks them.
 */
class MissingJarsTests {

	@Test
	void startsWithEverything() throws Exception {
		assertThat(startWithout("nothing")).contains("migrateMigrator", "migrateOnReadyListener", "migrateEndpoint",
				"migrateEndpointWebExtension", "migrateHealthContributor", "migrateMetrics", "migrateObservations");
	}

	@Test
	void startsWithoutActuator() throws Exception {
		assertThat(startWithout("spring-boot-(actuator|health|starter-actuator).*"))
			.contains("migrateMigrator", "migrateOnReadyListener")
			.doesNotContain("migrateEndpoint", "migrateHealthContributor");
	}

	@Test
	void startsWithoutHealth() throws Exception {
		assertThat(startWithout("spring-boot-health.*")).contains("migrateMigrator", "migrateEndpoint")
			.doesNotContain("migrateHealthContributor");
	}

	@Test
	void startsWithoutMicrometer() throws Exception {
		assertThat(startWithout("(micrometer|spring-boot-micrometer).*")).contains("migrateMigrator", "migrateEvents")
			.doesNotContain("migrateMetrics", "migrateObservations");
	}

	@Test
	void startsWithoutPools() throws Exception {
		assertThat(startWithout("HikariCP.*|tomcat-jdbc.*|commons-dbcp2.*|commons-pool2.*")).contains("migrateMigrator",
				"migrateOnReadyListener");
	}

	private List<String> startWithout(String jars) throws Exception {
		Pattern missing = Pattern.compile(jars);
		URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Path::of)
			.filter((path) -> !missing.matcher(path.getFileName().toString()).matches())
			.map(MissingJarsTests::toUrl)
			.toArray(URL[]::new);
		ClassLoader original = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader classLoader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			Thread.currentThread().setContextClassLoader(classLoader);
			Class<?> application = classLoader.loadClass(Application.class.getName());
			return List.of((String[]) application.getMethod("start").invoke(null));
		}
		finally {
			Thread.currentThread().setContextClassLoader(original);
		}
	}

	private static URL toUrl(Path path) {
		try {
			return path.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * An application in another class loader.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static String[] start() throws SQLException {
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.properties("management.endpoints.web.exposure.include=migrate", "migrate.enabled=false")
				.run();
					Connection connection = context.getBean(MigrationConnections.class).open(Map.of()).orElseThrow()) {
				assertThat(connection.isValid(1)).isTrue();
				return context.getBeanDefinitionNames();
			}
		}

	}

}
