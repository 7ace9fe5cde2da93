package io.github.migrateboot.test.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.session.FindByIndexNameSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests that Spring Session with a JDBC store, whose tables a migration makes, waits for
 * the phase {@code startup}.
 */
class PhaseWithSessionsTests {

	@TempDir
	private Path path;

	@BeforeEach
	void write() throws IOException {
		String tables = new ClassPathResource("org/springframework/session/jdbc/schema-h2.sql")
			.getContentAsString(StandardCharsets.UTF_8);
		Files.writeString(this.path.resolve("1_sessions.sql"), "-- migrate:up\n" + tables + "\n-- migrate:down\n");
	}

	@Test
	void startupIsBeforeSessionsAreAskedFor() {
		try (ConfigurableApplicationContext context = start("startup")) {
			assertThat(context.getBean("visitors")).isEqualTo(0);
			assertThat(context.getBeanFactory().getBeanDefinition("sessionRepository").getDependsOn())
				.contains("migrateOnStartup");
		}
	}

	@Test
	void readyIsAfterwards() {
		assertThatException().isThrownBy(() -> start("ready"))
			.havingRootCause()
			.withMessageContaining("Table \"SPRING_SESSION\" not found");
	}

	private ConfigurableApplicationContext start(String phase) {
		return new SpringApplicationBuilder(Shop.class).run("--server.port=0",
				"--spring.datasource.generate-unique-name=true", "--spring.session.jdbc.initialize-schema=never",
				"--migrate.phase=" + phase, "--migrate.locations=file:" + this.path);
	}

	/**
	 * An application with a bean that looks into the sessions while it is created.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

		@Bean
		Integer visitors(FindByIndexNameSessionRepository<?> sessions) {
			return sessions.findByPrincipalName("nobody").size();
		}

	}

}
