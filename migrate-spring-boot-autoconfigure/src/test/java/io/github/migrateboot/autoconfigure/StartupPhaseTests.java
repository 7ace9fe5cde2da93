package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@code migrate.phase} and for what depends on an initialized database.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupPhaseTests {

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	private ApplicationContextRunner runner;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);");
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceInitializationAutoConfiguration.class, MigrateAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + this.database.url(),
					"migrate.locations=" + this.folder.location());
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void migratesWhileBeansAreCreatedBeforeThoseThatUseTheDatabase() {
		this.runner.withPropertyValues("migrate.phase=startup").withUserConfiguration(Users.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.DONE);
			assertThat(context.getBean("countedByClient")).isEqualTo(0);
			assertThat(context.getBean("countedByAnnotation")).isEqualTo(0);
			for (String user : List.of("jdbcTemplate", "jdbcClient", "countedByAnnotation")) {
				assertThat(dependencies(context, user)).as(user).contains("migrateOnStartup");
			}
		});
	}

	@Test
	void leavesBeansAloneInTheReadyPhase() {
		this.runner.withUserConfiguration(Templates.class).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(MigrateOnStartup.class);
			assertThat(dependencies(context, "jdbcTemplate")).doesNotContain("migrateOnStartup");
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.PENDING);
		});
	}

	@Test
	void scriptsOfSpringBootRunAfterTheMigrations() {
		this.runner
			.withPropertyValues("migrate.phase=startup", "spring.sql.init.mode=always",
					"spring.sql.init.data-locations=classpath:phase/data.sql")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.database.jdbc().queryForList("select id from first", Integer.class))
					.containsExactly(42);
			});
	}

	@Test
	void migratesOnceThoughTheReadyEventFollows(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--migrate.phase=startup")) {
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.DONE);
		}
		assertThat(output).containsOnlyOnce("Applied 1 migrations").doesNotContain("Nothing to migrate");
	}

	@Test
	void migratesThoughBeansAreLazyAndNoneNeedsTheDatabase() {
		try (ConfigurableApplicationContext context = start("--migrate.phase=startup",
				"--spring.main.lazy-initialization=true", "--migrate.enabled=true")) {
			assertThat(context.getBeanFactory().containsSingleton("migrateOnStartup")).isTrue();
			assertThat(this.database.versions()).containsExactly("1");
		}
	}

	@Test
	void doesNothingWhenItIsDisabled(CapturedOutput output) {
		start("--migrate.phase=startup", "--migrate.enabled=false").close();
		assertThat(this.database.jdbc().queryForList("select name from sqlite_master")).isEmpty();
		assertThat(output).containsOnlyOnce("Migrations do not run: migrate.enabled is false");
	}

	@Test
	void failureEndsTheStart(CapturedOutput output) {
		this.folder.add("2_bad.sql", "create tabel bad (id int);");
		assertThatException().isThrownBy(() -> start("--migrate.phase=startup"))
			.withRootCauseInstanceOf(java.sql.SQLException.class)
			.satisfies(
					(failure) -> assertThat(failure).hasStackTraceContaining(MigrationFailedException.class.getName()));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("2_bad.sql failed at statement 1 of 1");
	}

	@ParameterizedTest
	@CsvSource({ "ready, true, MANAGED", "startup, true, MANAGED", "ready, false, UNMANAGED" })
	void saysThatTheSchemaIsManaged(String phase, boolean enabled, SchemaManagement expected) {
		this.runner.withPropertyValues("migrate.phase=" + phase, "migrate.enabled=" + enabled).run((context) -> {
			SchemaManagementProvider provider = context.getBean(SchemaManagementProvider.class);
			assertThat(provider.getSchemaManagement(context.getBean(DataSource.class))).isEqualTo(expected);
			assertThat(provider.getSchemaManagement(new SimpleDriverDataSource()))
				.isEqualTo(SchemaManagement.UNMANAGED);
		});
	}

	@Test
	void anySchemaMayBeTheManagedOneWhereMigrationsHaveTheirOwnUrl() {
		this.runner.withPropertyValues("migrate.url=" + this.database.url() + "?other")
			.run((context) -> assertThat(context.getBean(SchemaManagementProvider.class)
				.getSchemaManagement(context.getBean(DataSource.class))).isEqualTo(SchemaManagement.MANAGED));
	}

	@Test
	void refusesAnotherPhase(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--migrate.phase=later"));
		assertThat(output).contains("migrate.phase is \"later\"").contains("Set it to one of ready, startup.");
	}

	@Test
	void warnsOfScriptsThatRunBeforeMigrationsOfTheReadyPhase(CapturedOutput output) {
		this.folder.remove("1_first.sql");
		String[] scripts = { "--spring.sql.init.mode=always",
				"--spring.sql.init.schema-locations=optional:classpath:phase/missing.sql,classpath:phase/schema.sql" };
		start(scripts).close();
		assertThat(output).containsOnlyOnce(
				"Migrations run when the application is ready, which is after the scripts of spring.sql.init (schema.sql)."
						+ " Set migrate.phase=startup to migrate before.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--migrate.phase=startup", "--migrate.enabled=false", "--spring.sql.init.mode=never",
			"--spring.sql.init.mode=embedded", "--spring.sql.init.schema-locations=optional:classpath:nothing.sql" })
	void doesNotWarnWhereNoScriptRunsBefore(String argument, CapturedOutput output) {
		this.folder.remove("1_first.sql");
		start("--spring.sql.init.mode=always", "--spring.sql.init.schema-locations=classpath:phase/schema.sql",
				argument)
			.close();
		assertThat(output).doesNotContain("Migrations run when the application is ready");
	}

	private static List<String> dependencies(AssertableApplicationContext context, String bean) {
		AbstractBeanDefinition definition = (AbstractBeanDefinition) context.getSourceApplicationContext()
			.getBeanFactory()
			.getBeanDefinition(bean);
		return (definition.getDependsOn() != null) ? List.of(definition.getDependsOn()) : List.of();
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--migrate.locations=" + this.folder.location()));
		for (String argument : more) {
			String name = argument.substring(0, argument.indexOf('=') + 1);
			arguments.removeIf((other) -> other.startsWith(name));
			arguments.add(argument);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Templates {

		@Bean
		JdbcTemplate jdbcTemplate(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

	}

	/**
	 * Beans whose names sort before that of the initializer, and that are defined first.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Users extends Templates {

		@Bean
		Integer countedByClient(JdbcClient jdbcClient) {
			return jdbcClient.sql("select count(*) from first").query(Integer.class).single();
		}

		@Bean
		@DependsOnDatabaseInitialization
		Integer countedByAnnotation(DataSource dataSource) {
			return new JdbcTemplate(dataSource).queryForObject("select count(*) from first", Integer.class);
		}

		@Bean
		JdbcClient jdbcClient(DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

	}

}
