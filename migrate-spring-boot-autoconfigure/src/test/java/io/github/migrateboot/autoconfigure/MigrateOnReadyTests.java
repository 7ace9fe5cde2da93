package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that applications migrate when they are ready, as real applications do it.
 */
@ExtendWith(OutputCaptureExtension.class)
class MigrateOnReadyTests {

	@TempDir
	private Path folder;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void migratesBeforeTheApplicationAcceptsTraffic() throws IOException {
		write("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext context = start(new Class<?>[] { Application.class, Witness.class })) {
			assertThat(context.getBean(Witness.class).moments).containsExactly("ready [FIRST]",
					"ACCEPTING_TRAFFIC [FIRST]");
		}
	}

	@Test
	void migratesBeforeEveryOtherListenerWhenBeansAreLazy() throws IOException {
		write("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext context = start(new Class<?>[] { Witness.class, Application.class },
				"--spring.main.lazy-initialization=true")) {
			assertThat(context.getBean(Witness.class).moments).containsExactly("ready [FIRST]",
					"ACCEPTING_TRAFFIC [FIRST]");
		}
	}

	@Test
	void migratesOnThePublishingThreadWithAnAsynchronousMulticaster() throws IOException {
		try (ConfigurableApplicationContext context = start(
				new Class<?>[] { Application.class, Asynchronous.class, RecordingSource.class })) {
			assertThat(context.getBean(RecordingSource.class).threads).isNotEmpty()
				.containsOnly(Thread.currentThread());
		}
	}

	@Test
	void failureEndsTheStart(CapturedOutput output) throws IOException {
		write("1_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> start());
		assertThat(output).contains("APPLICATION FAILED TO START").contains("1_bad.sql");
	}

	@Test
	void failureEndsTheStartWithAnAsynchronousMulticaster() throws IOException {
		write("1_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class)
			.isThrownBy(() -> start(new Class<?>[] { Application.class, Asynchronous.class }));
	}

	@Test
	void failureEndsTheProcessWithOne() throws IOException {
		write("1_bad.sql", "create tabel bad (id int);");
		try (ChildJvm jvm = ChildJvm.start(Application.class, arguments("--server.port=0"))) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
			assertThat(jvm.output()).contains("APPLICATION FAILED TO START").contains("1_bad.sql");
		}
	}

	@Test
	void failureEndsTheStartIfAnErrorHandlerSwallowsIt(CapturedOutput output) throws IOException {
		write("1_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(MigrationFailedException.class)
			.isThrownBy(() -> start(new Class<?>[] { Application.class, Swallowing.class }));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("1_bad.sql");
	}

	@Test
	void healthIsDownIfAnErrorHandlerSwallowsTheFailure() throws IOException {
		write("1_bad.sql", "create tabel bad (id int);");
		List<Status> seen = new CopyOnWriteArrayList<>();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, Swallowing.class)
			.web(WebApplicationType.NONE)
			.listeners((ApplicationReadyEvent event) -> {
				HealthIndicator health = event.getApplicationContext()
					.getBean("migrateHealthContributor", HealthIndicator.class);
				seen.add(health.health().getStatus());
			});
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> builder.run(arguments()));
		assertThat(seen).containsExactly(Status.DOWN);
	}

	@Test
	void ignoresTheReadyEventOfAChildContextThatIsThereFirst() throws IOException {
		write("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext parent = start(new Class<?>[] { Application.class, StartsChild.class })) {
			assertThat(parent.getBean(StartsChild.class).tables).isEmpty();
			assertThat(tables()).containsExactly("FIRST");
		}
	}

	@Test
	void migratesInAChildContextThatHasTheAutoConfiguration() throws IOException {
		write("1_first.sql", "create table first (id int);");
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Child.class).web(WebApplicationType.NONE)
			.child(Application.class);
		try (ConfigurableApplicationContext context = builder.run(arguments("--server.port=0"))) {
			assertThat(context.getParent()).isNotNull();
			assertThat(tables()).containsExactly("FIRST");
		}
	}

	@Test
	void runsTheMigratorOfTheUser() throws IOException {
		write("1_first.sql", "create table first (id int);");
		try (TestDatabase other = TestServer.SQLITE.create();
				ConfigurableApplicationContext context = start(new Class<?>[] { Application.class, OwnMigrator.class },
						"--own.url=" + other.url())) {
			assertThat(context.getBean(Migrator.class).status().state()).isEqualTo(MigratorStatus.State.DONE);
			assertThat(tables(new JdbcTemplate(other.dataSource()))).contains("SCHEMA_MIGRATIONS");
			assertThat(tables()).isEmpty();
		}
	}

	@Test
	void doesNothingWhenItIsDisabled(CapturedOutput output) throws IOException {
		write("1_first.sql", "create table first (id int);");
		try (ConfigurableApplicationContext context = start("--migrate.enabled=false")) {
			assertThat(tables()).isEmpty();
			HealthIndicator health = context.getBean("migrateHealthContributor", HealthIndicator.class);
			assertThat(health.health().getStatus()).isEqualTo(Status.UP);
		}
		assertThat(output).containsOnlyOnce("Migrations do not run: migrate.enabled is false");
	}

	@Test
	void failsWithTwoDataSourcesAndSaysWhatToDo(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> start(new Class<?>[] { Application.class, TwoDataSources.class }).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("It is not known which database to migrate: of the DataSource beans orders, reports none is")
			.contains("Set migrate.data-source to the name of one of them, mark one as @MigrateDataSource");
	}

	@Test
	void saysOneThingWhenThereIsNothingToDo(CapturedOutput output) throws IOException {
		write("1_first.sql", "create table first (id int);");
		start().close();
		int before = output.getOut().length();
		start().close();
		List<String> lines = output.getOut()
			.substring(before)
			.lines()
			.filter((line) -> line.contains("migrateboot") || line.contains("i.g.m"))
			.toList();
		assertThat(lines).hasSize(1);
	}

	private void write(String name, String sql) throws IOException {
		Files.writeString(this.folder.resolve(name), "-- migrate:up\n" + sql + "\n\n-- migrate:down\n");
	}

	private List<String> tables() {
		return tables(this.database.jdbc()).stream().filter((name) -> !name.startsWith("SCHEMA_MIGRATIONS")).toList();
	}

	private static List<String> tables(JdbcTemplate jdbc) {
		return jdbc.queryForList("select upper(name) from sqlite_master where type = 'table' order by 1", String.class);
	}

	private ConfigurableApplicationContext start(String... arguments) {
		return start(new Class<?>[] { Application.class }, arguments);
	}

	private ConfigurableApplicationContext start(Class<?>[] sources, String... arguments) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE).run(arguments(arguments));
	}

	private String[] arguments(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.hikari.maximum-pool-size=1", "--migrate.locations=file:" + this.folder));
		arguments.addAll(Arrays.asList(more));
		return arguments.toArray(String[]::new);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Child {

	}

	/**
	 * Starts a child context, and sees which tables are there when that is ready.
	 */
	static class StartsChild implements ApplicationRunner {

		private final ConfigurableApplicationContext context;

		private List<String> tables = List.of("not looked at yet");

		StartsChild(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@Override
		public void run(ApplicationArguments arguments) {
			SpringApplicationBuilder child = new SpringApplicationBuilder(Child.class).web(WebApplicationType.NONE)
				.parent(this.context);
			try (ConfigurableApplicationContext ready = child.run()) {
				this.tables = tables(new JdbcTemplate(ready.getBean(DataSource.class)));
			}
		}

	}

	/**
	 * Sees which tables are there at which moment.
	 */
	static class Witness {

		private final List<String> moments = new CopyOnWriteArrayList<>();

		private final DataSource dataSource;

		Witness(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@EventListener
		void onReady(ApplicationReadyEvent event) {
			see("ready");
		}

		@EventListener
		void onReadiness(AvailabilityChangeEvent<ReadinessState> event) {
			if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
				see(event.getState().name());
			}
		}

		private void see(String moment) {
			List<String> tables = tables(new JdbcTemplate(this.dataSource));
			tables.removeIf((name) -> name.startsWith("SCHEMA_MIGRATIONS"));
			this.moments.add(moment + " " + tables);
		}

	}

	/**
	 * Remembers the threads that asked for migrations.
	 */
	static class RecordingSource implements MigrationSource {

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		@Override
		public List<MigrationFile> list(String vendor) {
			this.threads.add(Thread.currentThread());
			return List.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Asynchronous {

		@Bean
		SimpleApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor("events-"));
			return multicaster;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Swallowing {

		@Bean
		SimpleApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setErrorHandler((failure) -> {
			});
			return multicaster;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMigrator {

		@Bean
		Migrator ownMigrator(org.springframework.core.env.Environment environment) {
			DataSource dataSource = new DriverManagerDataSource(environment.getRequiredProperty("own.url"));
			MigrationSource source = new io.github.migrateboot.script.ResourceMigrationSource(
					List.of(environment.getRequiredProperty("migrate.locations")), null);
			return new Migrator(source, new DataSourceConnections(dataSource),
					MigratorSettings.defaults(new Instance("host", 1, "own")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		DataSource orders() {
			return new DriverManagerDataSource("jdbc:h2:mem:orders");
		}

		@Bean
		DataSource reports() {
			return new DriverManagerDataSource("jdbc:h2:mem:reports");
		}

	}

}
