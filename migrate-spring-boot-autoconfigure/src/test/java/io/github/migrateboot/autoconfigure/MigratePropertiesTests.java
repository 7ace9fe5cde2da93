package io.github.migrateboot.autoconfigure;

import java.util.Map;

import io.github.migrateboot.settings.StatementSettings.Online;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link MigrateProperties}: what an application prints when a value is bad.
 */
@ExtendWith(OutputCaptureExtension.class)
class MigratePropertiesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					table          | ``        | migrate.table is empty. | Set it to a table name such as schema_migrations, or remove it to use that default.
					table          | ` `       | migrate.table is empty. | Set it to a table name such as schema_migrations, or remove it to use that default.
					locations      | ``        | No location of migrations is configured. | Name at least one, for example 'classpath:db/migrations'.
					locations      | `file:a, `| The location of migrations '' names no folder. | Write 'classpath:' or 'file:' and a folder, for example 'classpath:db/migrations'.
					locations      | classpath: | The location of migrations 'classpath:' names no folder. | Write 'classpath:' or 'file:' and a folder, for example 'classpath:db/migrations'.
					locations      | http://db | The location of migrations 'http://db' begins with 'http:', which is not known. | Write 'classpath:' or 'file:' and a folder, for example 'classpath:db/migrations'.
					baseline       | v1        | migrate.baseline is "v1", which is not a version. | Set it to the digits that a migration's file name begins with, for example "20260102030405".
					resolve        | 3=retry   | migrate.resolve contains "3=retry", which is not an answer. | Write <version>:<statement>=retry or <version>:<statement>=skip, for example "20260102030405:3=retry".
					resolve        | `1:2=skip,1:0=retry` | migrate.resolve contains "1:0=retry", which is not an answer. | Write <version>:<statement>=retry or <version>:<statement>=skip, for example "20260102030405:3=retry".
					connect-timeout | -1s      | migrate.connect-timeout is PT-1S. | Set it to a duration such as 30s or 2m, or to 0s to wait for no database.
					url            | localhost/orders | migrate.url does not begin with jdbc:. | Set it to a JDBC URL, for example jdbc:postgresql://localhost/orders.
					driver-class-name | org.h2.Driver | migrate.driver-class-name is set without migrate.url. | Set migrate.url as well, or remove it: the driver of the DataSource is used.
					password       | secret    | migrate.password is set without migrate.username. | Set migrate.username as well, or remove it.
					data-source    | nothing   | migrate.data-source is "nothing", and there is no DataSource bean of that name. | Set it to one of dataSource.
					lock.timeout   | -5s       | migrate.lock.timeout is PT-5S. | Set it to a duration above zero, such as 30s or 10m.
					lock.timeout   | 0s        | migrate.lock.timeout is PT0S. | Set it to a duration above zero, such as 30s or 10m.
					lock.poll-interval | 0ms   | migrate.lock.poll-interval is PT0S. | Set it to a duration above zero, such as 30s or 10m.
					lock.lease-duration | 4999ms | migrate.lock.lease-duration is PT4.999S. | Set it to a duration of at least 5s, such as 30s.
					statement.lock-timeout | 0s | migrate.statement.lock-timeout is PT0S. | Set it to a duration above zero and up to 20 days, such as 5s or 10m.
					statement.timeout | 21d    | migrate.statement.timeout is PT504H. | Set it to a duration above zero and up to 20 days, such as 5s or 10m.
					statement.max-blocking | 0s | migrate.statement.max-blocking is PT0S. | Set it to a duration above zero and up to 20 days, such as 10s, or remove it.
					statement.retries | -1     | migrate.statement.retries is -1. | Set it to 0, to try each migration only once, or to a greater number.
					lock.report-interval | -1s | migrate.lock.report-interval is PT-1S. | Set it to a duration above zero, such as 30s or 10m.
					""")
	void refusesValueThatCannotBeMeant(String property, String value, String description, String action,
			CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--migrate." + property + "=" + value));
		assertThat(output).contains("Description:\n\n" + description + "\n").contains("Action:\n\n" + action + "\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
							phase          | later     | one of ready, startup
							connect-timeout | soon     | a duration, such as 30s, 2m or PT1H, or 0s for no wait
							lock.timeout   | 10 apples | a duration above zero, such as 50ms, 30s, 10m or PT1H
							statement.retries | few    | a whole number
							statement.online | perhaps | one of off, warn, require
							enabled        | perhaps   | true or false
							mode           | look      | one of apply, validate, wait, apply-and-exit, plan
							checksum       | shout     | one of warn, fail, ignore
							lock.strategy  | luck      | one of auto, session, pinned, lease, row, file, none
			""")
	void saysWhatIsAllowedForAValueOfTheWrongType(String property, String value, String allowed,
			CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--migrate." + property + "=" + value));
		assertThat(output)
			.contains("Description:\n\nmigrate." + property + " is \"" + value + "\" (\"migrate." + property
					+ "\" from property source \"commandLineArgs\").\n")
			.contains("Action:\n\nSet it to " + allowed + ".\n");
	}

	@Test
	void leavesOtherPropertiesToSpringBoot(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--spring.main.banner-mode=door"));
		assertThat(output).contains("Property: spring.main.banner-mode").doesNotContain("Set it to");
	}

	@ParameterizedTest
	@ValueSource(strings = { "migrate.baseline", "migrate.lock.name", "migrate.data-source", "migrate.url",
			"migrate.username", "migrate.password", "migrate.driver-class-name", "migrate.init-sql" })
	void takesAnEmptyValueOfAnOptionalPropertyAsNone(String property) {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(property + "= ")
			.run((context) -> {
				MigrateProperties properties = context.getBean(MigrateProperties.class);
				assertThat(properties.baseline()).isNull();
				assertThat(properties.dataSource()).isNull();
				assertThat(properties.url()).isNull();
				assertThat(properties.username()).isNull();
				assertThat(properties.driverClassName()).isNull();
				assertThat(properties.initSql()).isNull();
				assertThat(properties.lock().name()).isNull();
			});
	}

	@ParameterizedTest
	@CsvSource({ "off, OFF", "require, REQUIRE", "WARN, WARN" })
	void takesWhatDdlHasToLetOthersDo(String value, Online expected) {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("migrate.statement.online=" + value)
			.run((context) -> assertThat(context.getBean(MigrateProperties.class).statement().online())
				.isEqualTo(expected));
	}

	@Test
	void takesOffFromYamlWhereItMeansFalse() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("yaml", Map.of("migrate.statement.online", false))))
			.run((context) -> assertThat(context.getBean(MigrateProperties.class).statement().online())
				.isEqualTo(Online.OFF));
	}

	@Test
	void keepsSecretsOutOfItsText() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("migrate.url=jdbc:h2:mem:a;PASSWORD=hush", "migrate.username=me",
					"migrate.password=psst", "migrate.properties.secret=whisper")
			.run((context) -> assertThat(context.getBean(MigrateProperties.class).toString()).doesNotContain("hush",
					"psst", "whisper"));
	}

	private static void start(String... arguments) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments).close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class })
	static class Application {

	}

}
