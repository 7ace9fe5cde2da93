package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateEndpoint;
import io.github.migrateboot.actuate.MigrateHealthIndicator;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.MigrationSource;
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

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@code migrate.databases}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SeveralDatabasesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
		.withPropertyValues("orders.url=jdbc:h2:mem:orders", "reports.url=jdbc:h2:mem:reports",
				"migrate.locations=classpath:db/none")
		.withUserConfiguration(DataSources.class);

	@TempDir
	private Path path;

	private MigrationFolder orders;

	private MigrationFolder reports;

	private TestDatabase ordersDatabase;

	private TestDatabase reportsDatabase;

	@BeforeEach
	void create() throws IOException {
		this.ordersDatabase = TestServer.SQLITE.create();
		this.reportsDatabase = TestServer.SQLITE.create();
		this.orders = new MigrationFolder(Files.createDirectory(this.path.resolve("orders")));
		this.reports = new MigrationFolder(Files.createDirectory(this.path.resolve("reports")));
	}

	@AfterEach
	void drop() {
		this.ordersDatabase.close();
		this.reportsDatabase.close();
	}

	@Test
	void migratesEachWithItsOwnFilesInTheirOrder(CapturedOutput output) {
		this.orders.add("1_orders.sql", "create table orders (id int);");
		this.reports.add("1_reports.sql", "create table reports (id int);");
		this.reports.add("2_more.sql", "create table more (id int);");
		try (ConfigurableApplicationContext context = start()) {
			assertThat(this.ordersDatabase.versions()).containsExactly("1");
			assertThat(this.reportsDatabase.versions()).containsExactly("1", "2");
			assertThat(this.ordersDatabase.jdbc()
				.queryForList("select name from sqlite_master where name in ('orders', 'reports', 'more')",
						String.class))
				.containsExactly("orders");
			assertThat(context.getBean(Migrators.class).names()).containsExactly("reports", "orders");
			var databases = context.getBean(MigrateEndpoint.class).migrations().databases();
			assertThat(databases.keySet()).containsExactly("reports", "orders");
			assertThat(databases.get("reports").migrations()).hasSize(2);
			assertThat(databases.get("orders").lastRun().applied()).containsExactly("1");
			assertThat(context.getBean(MigrateHealthIndicator.class).health().getDetails()).containsOnlyKeys("orders",
					"reports");
		}
		assertThat(output.getOut().indexOf("Migrating database 'reports' (1 of 2)")).isPositive()
			.isLessThan(output.getOut().indexOf("Migrating database 'orders' (2 of 2)"));
	}

	@Test
	void stopsAtTheFirstThatFailsAndSaysWhichItWas(CapturedOutput output) {
		this.reports.add("1_bad.sql", "create tabel bad (id int);");
		this.orders.add("1_orders.sql", "create table orders (id int);");
		assertThatException().isThrownBy(() -> start().close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Database 'reports': Migration 1_bad.sql failed at statement 1 of 1")
			.contains("The databases after it were not looked at: orders.");
		assertThat(this.ordersDatabase.jdbc().queryForList("select name from sqlite_master")).isEmpty();
	}

	@Test
	void runsAndShowsTheOthersWhereOneIsDisabled(CapturedOutput output) {
		this.reports.add("1_reports.sql", "create table reports (id int);");
		this.orders.add("1_orders.sql", "create table orders (id int);");
		try (ConfigurableApplicationContext context = start("--migrate.databases.reports.enabled=false")) {
			assertThat(this.ordersDatabase.versions()).containsExactly("1");
			assertThat(this.reportsDatabase.jdbc().queryForList("select name from sqlite_master")).isEmpty();
			assertThat(context.getBean(MigrateHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
			assertThat(context.getBean(MigrateEndpoint.class).migrations().databases().get("reports").enabled())
				.isFalse();
		}
		assertThat(output).contains("Migrations do not run: migrate.databases.reports.enabled is false");
	}

	@Test
	void runsSomeWhileBeansAreCreatedAndOthersWhenReady(CapturedOutput output) {
		this.reports.add("1_reports.sql", "create table reports (id int);");
		this.orders.add("1_orders.sql", "create table orders (id int);");
		start("--migrate.databases.orders.phase=startup").close();
		assertThat(output.getOut().indexOf("Migrating database 'orders' (1 of 1)")).isPositive()
			.isLessThan(output.getOut().indexOf("Started "));
		assertThat(output.getOut().indexOf("Migrating database 'reports' (1 of 1)"))
			.isGreaterThan(output.getOut().indexOf("Started "));
	}

	@Test
	void eachHasItsOwnLockOnOneServer() {
		try (TestDatabase server = TestServer.POSTGRES_EMBEDDED.create()) {
			this.orders.add("1_orders.sql", "create table orders (id int);");
			this.reports.add("1_reports.sql", "create table reports (id int);");
			String[] place = { "--orders.url=" + server.url(), "--reports.url=" + server.url(),
					"--user=" + server.user(), "--pass=" + server.password() };
			try (ConfigurableApplicationContext context = start(
					concat(place, "--migrate.databases.orders.table=orders_migrations"))) {
				Migrators migrators = context.getBean(Migrators.class);
				assertThat(migrators.get("orders").status().state()).isEqualTo(State.DONE);
				assertThat(migrators.get("orders").status().lock()).isNotNull()
					.isNotEqualTo(migrators.get("reports").status().lock());
				assertThat(server.jdbc().queryForList("select version from orders_migrations", String.class))
					.containsExactly("1");
			}
		}
	}

	@Test
	void inheritsWhatIsNotSet() {
		this.runner
			.withPropertyValues("migrate.databases.orders.data-source=orders", "migrate.databases.orders.strict=true",
					"migrate.databases.orders.lock.timeout=3s", "migrate.databases.orders.locations[0]=file:a",
					"migrate.databases.reports.dataSource=reports", "migrate.databases.reports.locations=file:b,file:c",
					"migrate.databases.reports.properties.b=own", "migrate.lock.timeout=5m",
					"migrate.lock.poll-interval=70ms", "migrate.table=history",
					"migrate.locations=file:x,file:y,file:z", "migrate.username=${ddl.user}", "ddl.user=ddl",
					"migrate.properties.a=shared", "migrate.properties.b=shared")
			.run((context) -> {
				Map<String, MigrateProperties> named = context.getBean(MigrateDatabases.class).named();
				assertThat(named.keySet()).containsExactly("orders", "reports");
				MigrateProperties one = named.get("orders");
				assertThat(one.dataSource()).isEqualTo("orders");
				assertThat(one.strict()).isTrue();
				assertThat(one.lock().timeout()).isEqualTo(Duration.ofSeconds(3));
				assertThat(one.lock().pollInterval()).isEqualTo(Duration.ofMillis(70));
				assertThat(one.lock().reportInterval()).isEqualTo(Duration.ofSeconds(5));
				assertThat(one.table()).isEqualTo("history");
				assertThat(one.locations()).containsExactly("file:a");
				assertThat(one.username()).isEqualTo("ddl");
				MigrateProperties other = named.get("reports");
				assertThat(other.dataSource()).isEqualTo("reports");
				assertThat(other.strict()).isFalse();
				assertThat(other.lock().timeout()).isEqualTo(Duration.ofMinutes(5));
				assertThat(other.locations()).containsExactly("file:b", "file:c");
				assertThat(other.properties()).isEqualTo(Map.of("a", "shared", "b", "own"));
				assertThat(context).doesNotHaveBean(Migrator.class);
			});
	}

	@Test
	void entryThatSaysWhereItsDatabaseIsInheritsNoOtherPlace() {
		this.runner
			.withPropertyValues("migrate.url=jdbc:h2:mem:other", "migrate.driver-class-name=org.h2.Driver",
					"migrate.databases.orders.data-source=orders", "migrate.databases.reports.url=jdbc:h2:mem:reports",
					"migrate.databases.other.table=other")
			.run((context) -> {
				Map<String, MigrateProperties> named = context.getBean(MigrateDatabases.class).named();
				assertThat(named.get("orders").url()).isNull();
				assertThat(named.get("orders").driverClassName()).isNull();
				assertThat(named.get("reports").url()).isEqualTo("jdbc:h2:mem:reports");
				assertThat(named.get("reports").driverClassName()).isNull();
				assertThat(named.get("other").url()).isEqualTo("jdbc:h2:mem:other");
				assertThat(named.get("other").driverClassName()).isEqualTo("org.h2.Driver");
			});
	}

	@Test
	void environmentVariableOverridesAndDoesNotChangeTheOrder() {
		this.runner.withInitializer((context) -> {
			var sources = context.getEnvironment().getPropertySources();
			sources.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("MIGRATE_DATABASES_REPORTDB_LOCK_TIMEOUT", "7s")));
			java.util.LinkedHashMap<String, Object> file = new java.util.LinkedHashMap<>();
			file.put("migrate.databases.orders.data-source", "orders");
			file.put("migrate.databases.report-db.data-source", "reports");
			sources.addLast(new MapPropertySource("file", file));
		}).run((context) -> {
			Map<String, MigrateProperties> named = context.getBean(MigrateDatabases.class).named();
			assertThat(named.keySet()).containsExactly("orders", "report-db");
			assertThat(named.get("report-db").lock().timeout()).isEqualTo(Duration.ofSeconds(7));
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					a.data-source=order, b.data-source=reports | migrate.databases.a.data-source is "order", and there is no DataSource bean of that name. Set it to one of orders, reports.
					a.data-source=orders, b.data-source=orders | The databases 'a' and 'b' are the same one, with the same history table schema_migrations. Set migrate.databases.b.data-source or .url to another database, or migrate.databases.b.table to another table.
					a.data-source=orders, b.url=jdbc:h2:mem:orders | The databases 'a' and 'b' are the same one, with the same history table schema_migrations. Set migrate.databases.b.data-source or .url to another database, or migrate.databases.b.table to another table.
					a.data-source=orders, a.url=jdbc:h2:mem:x | migrate.databases.a.data-source and migrate.databases.a.url are both set. Remove the one that does not lead to the database to be migrated.
					a.lock.timeout=0s | migrate.databases.a.lock.timeout is PT0S. Set it to a duration above zero, such as 30s or 10m.
					a.mode=apply-and-exit | migrate.databases.a.mode is apply-and-exit, which is for an application and not for one database. Set migrate.mode to apply-and-exit, which migrates all of them and exits.
					a.driver-class-name=org.Nothing, a.url=jdbc:h2:mem:x | migrate.databases.a.driver-class-name is "org.Nothing", and there is no such class. Add the driver's dependency, correct the name, or remove it: the driver is found by the URL.
					a.table=a | It is not known which database to migrate: of the DataSource beans orders, reports none is the primary one. Set migrate.databases.a.data-source to the name of one of them, mark one as @MigrateDataSource or @Primary, or set migrate.databases.<name>.data-source for each one that is to be migrated. migrate.enabled=false starts without migrations.
					""")
	void refusesWhatCannotBeMeant(String properties, String message) {
		String[] values = Arrays.stream(properties.split(", "))
			.map("migrate.databases."::concat)
			.toArray(String[]::new);
		this.runner.withPropertyValues(values)
			.run((context) -> assertThat(rootInvalidSetting(context.getStartupFailure())).hasMessage(message));
	}

	@Test
	void valueOfTheWrongTypeIsReportedByItsRealName(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--migrate.databases.orders.lock.timeout=soon").close());
		assertThat(output).contains("migrate.databases.orders.lock.timeout is \"soon\"")
			.contains("Set it to a duration above zero");
	}

	@Test
	void refusesSeveralWithoutLocationsBecauseEachWouldGetTheFilesOfAll() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("orders.url=jdbc:h2:mem:orders", "reports.url=jdbc:h2:mem:reports",
					"migrate.databases.a.data-source=orders", "migrate.databases.b.data-source=reports")
			.withUserConfiguration(DataSources.class)
			.run((context) -> assertThat(rootInvalidSetting(context.getStartupFailure()))
				.hasMessage("The databases a, b have no locations of their own, so each would get the same migrations."
						+ " Set migrate.databases.a.locations, migrate.databases.b.locations for each, or"
						+ " migrate.locations if they are to get the same migrations."));
	}

	@Test
	void refusesBeansThatAreForASingleDatabase() {
		this.runner.withPropertyValues("migrate.databases.a.data-source=orders")
			.withBean("mySource", MigrationSource.class, () -> (vendor) -> List.of())
			.run((context) -> assertThat(rootInvalidSetting(context.getStartupFailure())).hasMessageStartingWith(
					"There are databases in migrate.databases, and a bean 'mySource' of type MigrationSource,"
							+ " which is for a single one."));
	}

	@Test
	void customizerIsAskedForEachByName() {
		List<String> names = new ArrayList<>();
		MigratorCustomizer customizer = (builder) -> {
			names.add(builder.name());
			builder.settings((settings) -> settings.withTable(builder.name() + "_history"));
		};
		this.runner
			.withPropertyValues("migrate.databases.a.data-source=orders", "migrate.databases.b.data-source=reports")
			.withBean(MigratorCustomizer.class, () -> customizer)
			.run((context) -> assertThat(names).containsExactly("a", "b"));
	}

	private static InvalidSettingException rootInvalidSetting(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidSettingException invalid) {
				return invalid;
			}
		}
		throw new AssertionError("No InvalidSettingException", failure);
	}

	/**
	 * Start with a file, because the command line has no order.
	 */
	private ConfigurableApplicationContext start(String... more) {
		try {
			Files.writeString(this.path.resolve("application.yml"), """
					migrate:
					  databases:
					    reports:
					      data-source: reports
					      locations: "%s"
					    orders:
					      data-source: orders
					      locations: "%s"
					""".formatted(this.reports.location(), this.orders.location()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(concat(new String[] { "--management.endpoints.web.exposure.include=migrate",
					"--orders.url=" + this.ordersDatabase.url(), "--reports.url=" + this.reportsDatabase.url(),
					"--spring.config.additional-location=file:" + this.path + "/" }, more));
	}

	private static String[] concat(String[] first, String... more) {
		List<String> all = new ArrayList<>(Arrays.asList(first));
		for (String argument : more) {
			String name = argument.substring(0, argument.indexOf('=') + 1);
			all.removeIf((other) -> other.startsWith(name));
			all.add(argument);
		}
		return all.toArray(String[]::new);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application extends DataSources {

	}

	@Configuration(proxyBeanMethods = false)
	static class DataSources {

		@Bean
		DataSource orders(Environment environment) {
			return dataSource(environment, "orders.url");
		}

		@Bean
		DataSource reports(Environment environment) {
			return dataSource(environment, "reports.url");
		}

		private static DataSource dataSource(Environment environment, String url) {
			return new DriverManagerDataSource(environment.getRequiredProperty(url),
					environment.getProperty("user", ""), environment.getProperty("pass", ""));
		}

	}

}
