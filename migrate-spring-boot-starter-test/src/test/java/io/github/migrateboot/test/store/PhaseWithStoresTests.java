package io.github.migrateboot.test.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.matchers.GroupMatcher;

import org.springframework.batch.core.repository.JobRepository;
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
 * Tests that what keeps its state in tables which a migration makes waits for the phase
 * {@code startup}.
 */
class PhaseWithStoresTests {

	@TempDir
	private Path path;

	@ParameterizedTest
	@EnumSource
	void startupIsBeforeTheStoreIsLookedInto(Store store) throws IOException {
		try (ConfigurableApplicationContext context = start(store, "startup")) {
			assertThat(context.getBean("known")).isEqualTo(0);
			assertThat(context.getBeanFactory().getBeanDefinition(store.bean).getDependsOn())
				.contains("migrateOnStartup");
		}
	}

	@ParameterizedTest
	@EnumSource
	void readyIsAfterwards(Store store) {
		assertThatException().isThrownBy(() -> start(store, "ready"))
			.havingRootCause()
			.withMessageContaining("Table \"" + store.table + "\" not found");
	}

	private ConfigurableApplicationContext start(Store store, String phase) throws IOException {
		String tables = new ClassPathResource(store.script).getContentAsString(StandardCharsets.UTF_8);
		Files.writeString(this.path.resolve("1_tables.sql"), "-- migrate:up\n" + tables + "\n-- migrate:down\n");
		List<String> arguments = new ArrayList<>(store.options);
		arguments.addAll(List.of("--server.port=0", "--spring.datasource.generate-unique-name=true",
				"--migrate.phase=" + phase, "--migrate.locations=file:" + this.path));
		return new SpringApplicationBuilder(store.application).run(arguments.toArray(String[]::new));
	}

	/**
	 * What has a store, and an application that looks into it while it starts.
	 */
	enum Store {

		SPRING_SESSION(Visitors.class, "sessionRepository", "SPRING_SESSION",
				"org/springframework/session/jdbc/schema-h2.sql",
				List.of("--spring.session.jdbc.initialize-schema=never")),

		QUARTZ(Timetable.class, "quartzScheduler", "QRTZ_JOB_DETAILS", "org/quartz/impl/jdbcjobstore/tables_h2.sql",
				List.of("--spring.quartz.job-store-type=jdbc", "--spring.quartz.jdbc.initialize-schema=never")),

		SPRING_BATCH(NightShift.class, "jobRepository", "BATCH_JOB_INSTANCE",
				"org/springframework/batch/core/schema-h2.sql", List.of("--spring.batch.jdbc.initialize-schema=never"));

		private final Class<?> application;

		private final String bean;

		private final String table;

		private final String script;

		private final List<String> options;

		Store(Class<?> application, String bean, String table, String script, List<String> options) {
			this.application = application;
			this.bean = bean;
			this.table = table;
			this.script = script;
			this.options = options;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Visitors {

		@Bean
		Integer known(FindByIndexNameSessionRepository<?> sessions) {
			return sessions.findByPrincipalName("nobody").size();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Timetable {

		@Bean
		Integer known(Scheduler scheduler) throws SchedulerException {
			return scheduler.getJobKeys(GroupMatcher.anyGroup()).size();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NightShift {

		@Bean
		Integer known(JobRepository repository) {
			return repository.getJobNames().size();
		}

	}

}
