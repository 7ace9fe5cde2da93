package io.github.migrateboot.test.phase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@code migrate.phase} in an application with JPA and jOOQ on an embedded
 * database.
 */
@ExtendWith(OutputCaptureExtension.class)
class PhaseWithJpaTests {

	private static final String WARNING = "Migrations run when the application is ready, which is after the validation of"
			+ " the schema by JPA (spring.jpa.hibernate.ddl-auto=validate). Set migrate.phase=startup to migrate before.";

	@TempDir
	private Path path;

	@BeforeEach
	void write() throws IOException {
		Files.writeString(this.path.resolve("1_author.sql"), """
				-- migrate:up
				create table author (id bigint primary key, name varchar(100) not null);
				insert into author values (1, 'Le Guin');

				-- migrate:down
				drop table author;
				""");
	}

	@Test
	void startupIsBeforeJpaValidatesAndBeforeJooq(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--migrate.phase=startup",
				"--spring.jpa.hibernate.ddl-auto=validate")) {
			List<String> users = new ArrayList<>(
					List.of("entityManagerFactory", "jdbcTemplate", "namedParameterJdbcTemplate", "jdbcClient"));
			if (Runtime.version().feature() >= 21) {
				// jOOQ needs it
				users.add("dslContext");
			}
			for (String bean : users) {
				assertThat(context.getBeanFactory().getBeanDefinition(bean).getDependsOn()).as(bean)
					.contains("migrateOnStartup");
			}
			assertThat(authors(context)).containsExactly("Le Guin");
		}
		assertThat(output).doesNotContain("Migrations run when the application is ready");
	}

	@Test
	void warnsThatJpaValidatesBeforeTheReadyPhase(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--spring.jpa.hibernate.ddl-auto=validate"))
			.havingRootCause()
			.withMessageContaining("missing table");
		assertThat(output).containsOnlyOnce(WARNING)
			.contains("APPLICATION FAILED TO START")
			.contains("Something uses the database before it is migrated: Schema validation: missing table [author]")
			.contains("If a migration creates what is missing, set migrate.phase=startup");
	}

	@Test
	void explainsAColumnThatJpaMisses(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--spring.jpa.hibernate.ddl-auto=validate",
				"--spring.datasource.url=jdbc:h2:mem:old;init=create table if not exists author (id bigint)"));
		assertThat(output).contains("missing column [name]")
			.contains("If a migration creates what is missing, set migrate.phase=startup");
	}

	@Test
	void explainsARunnerThatReadsARepositorysTable(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(new Class<?>[] { LibraryApplication.class, Runner.class },
				"--spring.jpa.hibernate.ddl-auto=none"));
		assertThat(output).contains("Something uses the database before it is migrated: Table \"AUTHOR\" not found");
	}

	@Test
	void saysNothingOfThePhaseWhereJpaFindsADifferenceAfterwards(CapturedOutput output) throws IOException {
		Files.writeString(this.path.resolve("1_author.sql"),
				"-- migrate:up\ncreate table writer (id bigint);\n-- migrate:down\n");
		assertThatException()
			.isThrownBy(() -> start("--spring.jpa.hibernate.ddl-auto=validate", "--migrate.phase=startup"));
		assertThat(output).contains("missing table [author]").doesNotContain("before it is migrated");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ready", "startup" })
	void hibernateNeitherCreatesNorDropsTheTablesOfAnEmbeddedDatabase(String phase, CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--migrate.phase=" + phase)) {
			assertThat(authors(context)).containsExactly("Le Guin");
		}
		assertThat(output).contains("Applied 1 migrations").doesNotContain("drop table");
	}

	@Test
	void hibernateManagesTheSchemaWhereMigrationsAreDisabled() {
		try (ConfigurableApplicationContext context = start("--migrate.enabled=false")) {
			assertThat(authors(context)).isEmpty();
		}
	}

	private static List<String> authors(ConfigurableApplicationContext context) {
		return context.getBean(EntityManagerFactory.class)
			.callInTransaction(
					(entities) -> entities.createQuery("select name from Author", String.class).getResultList());
	}

	private ConfigurableApplicationContext start(String... more) {
		return start(new Class<?>[] { LibraryApplication.class }, more);
	}

	private ConfigurableApplicationContext start(Class<?>[] sources, String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.generate-unique-name=true",
				"--spring.jpa.show-sql=true", "--migrate.locations=file:" + this.path));
		arguments.addAll(Arrays.asList(more));
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE).run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Runner {

		@Bean
		CommandLineRunner reader(EntityManagerFactory entities) {
			return (arguments) -> entities.callInTransaction(
					(manager) -> manager.createQuery("select name from Author", String.class).getResultList());
		}

	}

}
