package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.utility.DockerImageName;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for the choice of the database that is migrated.
 */
@ExtendWith(OutputCaptureExtension.class)
class WhichDatabaseTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class));

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);");
	}

	@Test
	void qualifiedDataSourceWinsOverThePrimaryOneAndOverTheUrl() {
		try (TestDatabase primary = TestServer.SQLITE.create(); TestDatabase other = TestServer.SQLITE.create()) {
			start(new Class<?>[] { QualifiedDataSource.class }, "--primary.url=" + primary.url(),
					"--other.url=" + other.url(), "--migrate.url=jdbc:h2:mem:unused")
				.close();
			assertThat(other.versions()).containsExactly("1");
			assertThat(tables(primary)).isEmpty();
		}
	}

	@Test
	void namedDataSourceWinsOverTheQualifiedOne() {
		try (TestDatabase primary = TestServer.SQLITE.create(); TestDatabase other = TestServer.SQLITE.create()) {
			start(new Class<?>[] { QualifiedDataSource.class }, "--primary.url=" + primary.url(),
					"--other.url=" + other.url(), "--migrate.data-source=application")
				.close();
			assertThat(primary.versions()).containsExactly("1");
			assertThat(tables(other)).isEmpty();
		}
	}

	@Test
	void urlWinsOverTheDataSource() {
		try (TestDatabase application = TestServer.SQLITE.create(); TestDatabase other = TestServer.SQLITE.create()) {
			start(new Class<?>[] {}, "--spring.datasource.url=" + application.url(), "--migrate.url=" + other.url())
				.close();
			assertThat(other.versions()).containsExactly("1");
			assertThat(tables(application)).isEmpty();
		}
	}

	@Test
	void urlNeedsNoDataSource() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
				.withPropertyValues("migrate.url=" + database.url(), "migrate.locations=" + this.folder.location(),
						"migrate.driver-class-name=org.sqlite.JDBC")
				.run((context) -> {
					assertThat(context).hasNotFailed().doesNotHaveBean(DataSource.class);
					context.getBean(Migrator.class).migrate();
					assertThat(database.versions()).containsExactly("1");
				});
		}
	}

	@Test
	void userAloneMigratesOnTheUrlOfTheDataSourceWithItsSettings() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create role ddl_" + database.name() + " login password 'ddl' superuser",
					"create schema app");
			this.folder.add("1_first.sql",
					"create table first as select current_user::text as name, current_setting('app.flag') as flag;");
			try (ConfigurableApplicationContext context = start(new Class<?>[] {},
					concat(datasource(database), "--spring.datasource.hikari.schema=app",
							"--migrate.username=ddl_" + database.name(), "--migrate.password=ddl",
							"--migrate.properties.options=-c app.flag=on"))) {
				assertThat(database.jdbc().queryForMap("select * from app.first"))
					.isEqualTo(Map.of("name", "ddl_" + database.name(), "flag", "on"));
				assertThat(context.getBean(Migrator.class).migrations()).hasSize(1);
			}
			finally {
				database.execute("reassign owned by ddl_" + database.name() + " to current_user",
						"drop role ddl_" + database.name());
			}
		}
	}

	@Test
	void driverPropertiesAloneAreForTheMigratingConnection() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			this.folder.add("1_first.sql", "create table first as select current_setting('app.flag') as flag;");
			try (ConfigurableApplicationContext context = start(new Class<?>[] {},
					concat(datasource(database), "--migrate.properties.options=-c app.flag=on"))) {
				assertThat(database.jdbc().queryForObject("select flag from first", String.class)).isEqualTo("on");
				assertThat(context.getBean(MigrationConnections.class)).isInstanceOf(DataSourceConnections.class);
			}
		}
	}

	@Test
	void failureToConnectDoesNotTellThePassword(CapturedOutput output) {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThatException().isThrownBy(() -> start(new Class<?>[] {},
					concat(datasource(database), "--migrate.username=nobody_there", "--migrate.password=hush-hush")));
			assertThat(output).contains("nobody_there").doesNotContain("hush-hush");
		}
	}

	@Test
	void refusesUserAloneWhereTheDataSourceTellsNoUrl(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> start(new Class<?>[] { OpaqueDataSource.class }, "--migrate.username=ddl"));
		assertThat(output).contains("migrate.username is set, but the DataSource does not tell its URL.")
			.contains("Set migrate.url as well.");
	}

	@Test
	void connectionDetailsWinOverProperties() {
		this.runner
			.withPropertyValues("migrate.url=jdbc:h2:mem:property", "migrate.username=property",
					"spring.datasource.generate-unique-name=true")
			.withBean(MigrateConnectionDetails.class, () -> details("jdbc:h2:mem:details", "detail", "secret"))
			.run((context) -> assertThat(connectedTo(context.getBean(MigrationConnections.class)))
				.isEqualTo("jdbc:h2:mem:details DETAIL"));
	}

	@Test
	void detailsOfTheApplicationsOwnDatabaseUseItsPool() {
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:own", "spring.datasource.username=sa",
					"spring.datasource.password=")
			.withBean(MigrateConnectionDetails.class, () -> details("jdbc:h2:mem:own", "sa", ""))
			.run((context) -> {
				MigrationConnections connections = context.getBean(MigrationConnections.class);
				assertThat(connections).isInstanceOf(DataSourceConnections.class);
				try (Connection connection = connections.borrow()) {
					assertThat(connection.unwrap(org.h2.jdbc.JdbcConnection.class)).isNotSameAs(connection);
				}
				assertThat(context.getBean(HikariDataSource.class).getHikariPoolMXBean().getTotalConnections())
					.isPositive();
			});
	}

	@Test
	void detailsOfTheSameUrlWithAnotherUserDoNotUseThePool() {
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:own", "spring.datasource.username=sa",
					"spring.datasource.password=")
			.withBean(MigrateConnectionDetails.class, () -> details("jdbc:h2:mem:own", "ddl", ""))
			.run((context) -> assertThat(context.getBean(MigrationConnections.class))
				.isInstanceOf(DirectConnections.class));
	}

	@Test
	void serviceConnectionOfTestcontainersIsMigrated() {
		this.runner.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
			.withUserConfiguration(Container.class)
			.run((context) -> {
				MigrateConnectionDetails details = context.getBean(MigrateConnectionDetails.class);
				assertThat(details.getJdbcUrl()).isEqualTo("jdbc:h2:mem:container");
				assertThat(details.getUsername()).isEqualTo("containerUser");
				assertThat(details.getPassword()).isEqualTo("containerPassword");
				assertThat(details.getDriverClassName()).isEqualTo("org.h2.Driver");
				// the application's DataSource is the container's too
				assertThat(context.getBean(MigrationConnections.class)).isInstanceOf(DataSourceConnections.class);
				assertThat(connectedTo(context.getBean(MigrationConnections.class)))
					.isEqualTo("jdbc:h2:mem:container CONTAINERUSER");
			});
	}

	@Test
	void databaseOfDockerComposeIsMigrated() {
		JdbcConnectionDetails compose = new JdbcConnectionDetails() {

			@Override
			public String getUsername() {
				return "composeUser";
			}

			@Override
			public String getPassword() {
				return "composePassword";
			}

			@Override
			public String getJdbcUrl() {
				return "jdbc:postgresql://localhost:32768/compose";
			}

		};
		Map<Class<?>, ConnectionDetails> adapted = new ConnectionDetailsFactories(getClass().getClassLoader())
			.getConnectionDetails(compose, true);
		assertThat(adapted.get(MigrateConnectionDetails.class)).isInstanceOfSatisfying(MigrateConnectionDetails.class,
				(details) -> {
					assertThat(details.getJdbcUrl()).isEqualTo("jdbc:postgresql://localhost:32768/compose");
					assertThat(details.getUsername()).isEqualTo("composeUser");
					assertThat(details.getPassword()).isEqualTo("composePassword");
					assertThat(details.getDriverClassName()).isEqualTo("org.postgresql.Driver");
				});
	}

	private static String connectedTo(MigrationConnections connections) throws SQLException {
		try (Connection connection = connections.open(Map.of()).orElseThrow()) {
			return connection.getMetaData().getURL() + " " + connection.getMetaData().getUserName();
		}
	}

	private static MigrateConnectionDetails details(String url, String username, String password) {
		return new MigrateConnectionDetails() {

			@Override
			public @Nullable String getJdbcUrl() {
				return url;
			}

			@Override
			public @Nullable String getUsername() {
				return username;
			}

			@Override
			public @Nullable String getPassword() {
				return password;
			}

		};
	}

	private static List<String> tables(TestDatabase database) {
		return database.jdbc().queryForList("select name from sqlite_master", String.class);
	}

	private static String[] datasource(TestDatabase database) {
		return new String[] { "--spring.datasource.url=" + database.url(),
				"--spring.datasource.username=" + database.user(),
				"--spring.datasource.password=" + database.password() };
	}

	private static String[] concat(String[] first, String... more) {
		List<String> all = new ArrayList<>(Arrays.asList(first));
		all.addAll(Arrays.asList(more));
		return all.toArray(String[]::new);
	}

	private ConfigurableApplicationContext start(Class<?>[] sources, String... arguments) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).sources(sources)
			.web(WebApplicationType.NONE)
			.run(concat(arguments, "--migrate.locations=" + this.folder.location()));
		assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(State.DONE);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedDataSource {

		@Bean
		@Primary
		DataSource application(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("primary.url"));
		}

		@Bean
		@MigrateDataSource
		DataSource migrations(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("other.url"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OpaqueDataSource {

		@Bean
		DataSource opaque() {
			return org.mockito.Mockito.mock();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Container {

		@Bean
		@ServiceConnection
		NoContainer container() {
			return new NoContainer();
		}

	}

	/**
	 * Looks like a container, and is a database in memory.
	 */
	static class NoContainer extends JdbcDatabaseContainer<NoContainer> {

		NoContainer() {
			super(DockerImageName.parse("none:1"));
		}

		@Override
		public void start() {
		}

		@Override
		public String getDriverClassName() {
			return "org.h2.Driver";
		}

		@Override
		public String getJdbcUrl() {
			return "jdbc:h2:mem:container";
		}

		@Override
		public String getUsername() {
			return "containerUser";
		}

		@Override
		public String getPassword() {
			return "containerPassword";
		}

		@Override
		protected String getTestQueryString() {
			return "select 1";
		}

	}

}
