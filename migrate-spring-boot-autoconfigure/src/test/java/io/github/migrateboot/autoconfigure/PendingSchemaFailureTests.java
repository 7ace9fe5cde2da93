package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application prints that uses the schema before the migrations of the
 * phase {@code ready} have created it.
 */
@ExtendWith(OutputCaptureExtension.class)
class PendingSchemaFailureTests {

	private static final String EXPLAINED = "Something uses the database before it is migrated: ";

	private static final String HINT = "If a migration creates what is missing, set migrate.phase=startup";

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path).add("1_author.sql",
				"create table author (id int, name varchar(100));");
	}

	@ParameterizedTest
	@EnumSource
	void explainsATableThatABeanMisses(TestServer server, CapturedOutput output) {
		fail(server, EarlyBean.class);
		assertThat(output).contains("APPLICATION FAILED TO START").contains(EXPLAINED).contains(HINT);
	}

	@ParameterizedTest
	@EnumSource
	void explainsAColumnThatARunnerMisses(TestServer server, CapturedOutput output) {
		fail(server, Runner.class, "--with-old-table=true");
		assertThat(output).contains("APPLICATION FAILED TO START").contains(EXPLAINED).contains(HINT);
	}

	@Test
	void namesEachDatabaseThatIsMigratedWhenReady(CapturedOutput output) {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			assertThatException()
				.isThrownBy(() -> start(database, EarlyBean.class, "--migrate.databases.orders.url=" + database.url(),
						"--migrate.databases.reports.url=jdbc:h2:mem:r", "--migrate.databases.reports.phase=startup"));
		}
		assertThat(output).contains("set migrate.databases.orders.phase=startup, so");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--migrate.phase=startup", "--migrate.enabled=false" })
	void saysNothingIfMigrationsDoNotRunWhenReady(String argument, CapturedOutput output) {
		fail(TestServer.H2, Runner.class, argument);
		assertThat(output).doesNotContain(EXPLAINED);
	}

	@Test
	void saysNothingOnceMigrationsHaveRun(CapturedOutput output) {
		fail(TestServer.H2, Listener.class);
		assertThat(output).contains("Applied 1 migrations").doesNotContain(EXPLAINED);
	}

	@Test
	void saysNothingAboutOtherErrors(CapturedOutput output) {
		fail(TestServer.H2, EarlyBean.class, "--sql=select from where");
		assertThat(output).doesNotContain(EXPLAINED);
	}

	@Test
	void leavesTheFailureOfAMigrationAlone(CapturedOutput output) {
		this.folder.add("1_author.sql", "insert into nowhere values (1);");
		fail(TestServer.H2, Object.class);
		assertThat(output).contains("Migration 1_author.sql failed").doesNotContain(EXPLAINED);
	}

	private void fail(TestServer server, Class<?> user, String... more) {
		try (TestDatabase database = server.create()) {
			assertThatException().isThrownBy(() -> start(database, user, more));
		}
	}

	private void start(TestDatabase database, Class<?> user, String... more) {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.datasource.url=" + database.url(), "--spring.datasource.username=" + database.user(),
						"--spring.datasource.password=" + database.password(),
						"--migrate.locations=" + this.folder.location()));
		arguments.addAll(Arrays.asList(more));
		new SpringApplicationBuilder(Application.class, user).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new))
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			MigrateAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyBean {

		@Bean
		InitializingBean reader(DataSource dataSource, Environment environment) {
			return () -> {
				try (Connection connection = dataSource.getConnection();
						Statement statement = connection.createStatement()) {
					statement.execute(environment.getProperty("sql", "select name from author"));
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Runner {

		@Bean
		CommandLineRunner reader(JdbcTemplate jdbc, Environment environment) {
			return (arguments) -> {
				if (environment.containsProperty("with-old-table")) {
					jdbc.execute("create table author (id int)");
				}
				jdbc.queryForList("select born from author");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		@Bean
		ApplicationListener<ApplicationReadyEvent> reader(DataSource dataSource) {
			return (event) -> {
				try (Connection connection = dataSource.getConnection();
						Statement statement = connection.createStatement()) {
					statement.execute("select name from nowhere");
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}

	}

}
