package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code migrate.mode=plan}, with real processes that have a web server and a
 * thread that would keep them alive.
 */
class PlanModeTests {

	@TempDir
	private Path path;

	@TempDir
	private Path output;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.folder = new MigrationFolder(this.path);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void saysWhatWouldBeAppliedAndEndsWithZero() throws IOException {
		this.database.execute("create table orders (id int primary key, note text)", "analyze orders");
		this.folder.add("1_index.sql", "create index by_note on orders (note);");
		Path json = this.output.resolve("made/plan.json");
		Path markdown = this.output.resolve("plan.md");
		try (ChildJvm jvm = start("--migrate.plan.file=" + json + "," + markdown)) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("1 migration of 1 would be applied")
				.contains("1_index.sql: 1 statement in one transaction")
				.contains("1. line 2: create index by_note on orders (note)")
				.contains("table public.orders: about 0 rows")
				.contains("! index-build in line 2, public.orders, lock SHARE")
				.contains("create index concurrently by_note on orders (note);")
				.contains("Planned: 1 migration pending, 1 finding; the application ends with exit code 0, because"
						+ " migrate.mode is plan")
				.contains("pool closed")
				.doesNotContain("started on port", "READY");
		}
		JsonNode plan = JsonMapper.builder().build().readTree(Files.readString(json));
		assertThat(plan.at("/version").asInt()).isEqualTo(1);
		JsonNode planned = plan.at("/databases/default");
		assertThat(planned.at("/database").asString()).startsWith("PostgreSQL ");
		assertThat(planned.at("/pending").asInt()).isEqualTo(1);
		assertThat(planned.at("/migrations/0/name").asString()).isEqualTo("1_index.sql");
		assertThat(planned.at("/migrations/0/transaction").asString()).isEqualTo("whole");
		assertThat(planned.at("/migrations/0/crash").asString()).isEqualTo("undone");
		assertThat(planned.at("/migrations/0/tables/0/name").asString()).isEqualTo("public.orders");
		assertThat(planned.at("/migrations/0/findings/0/hazard").asString()).isEqualTo("index-build");
		assertThat(planned.at("/migrations/0/findings/0/measured").asBoolean()).isFalse();
		assertThat(Files.readString(markdown)).contains("# Migration plan")
			.contains("### 1\\_index.sql")
			.contains("| 1 | 2 | `create index by_note on orders (note)` | undone |")
			.contains("```sql");
		assertThat(tables()).containsExactly("orders");
	}

	private List<String> tables() {
		return this.database.jdbc()
			.queryForList("select table_name from information_schema.tables where table_schema = 'public'",
					String.class);
	}

	@ParameterizedTest
	@CsvSource({ "pending, 1", "index-build, 1", "findings, 1", "rewrite, 0", "refused, 0",
			"'rewrite,index-build', 1" })
	void endsWithOneIfWhatIsAskedForOccurs(String failOn, int code) {
		this.database.execute("create table orders (id int primary key, note text)");
		this.folder.add("1_index.sql", "create index by_note on orders (note);");
		try (ChildJvm jvm = start("--migrate.plan.fail-on=" + failOn)) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isEqualTo(code);
			assertThat(jvm.output()).contains("the application ends with exit code " + code);
			if (code == 1) {
				assertThat(jvm.output()).contains("because migrate.plan.fail-on has " + failOn.replaceAll(".*,", ""));
			}
		}
	}

	@Test
	void whatIsAllowedDoesNotFail() {
		this.database.execute("create table orders (id int primary key, note text)");
		this.folder.add("1_index.sql",
				"-- migrate:allow index-build: the table is small\ncreate index by_note on orders (note);");
		try (ChildJvm jvm = start("--migrate.plan.fail-on=findings")) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("allowed: index-build in line 3")
				.contains("Its author allows it: the table is small")
				.contains("1 finding (1 allowed)");
		}
	}

	@Test
	void endsWithOneAfterAFailureAndSaysWhy() {
		this.folder.addRaw("1_bad.sql", "create table bad (id int);");
		try (ChildJvm jvm = start()) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isOne();
			assertThat(jvm.output()).contains("APPLICATION FAILED TO START")
				.contains("1_bad.sql")
				.contains("pool closed")
				.doesNotContain("READY");
		}
	}

	@Test
	void plansBeforeBeansThatNeedTheSchema() {
		this.folder.add("1_table.sql", "create table needed (id int);");
		try (ChildJvm jvm = start("--migrate.phase=startup", "--needs=true")) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("Planned: 1 migration pending").doesNotContain("does not exist");
		}
	}

	@Test
	void plansEachDatabaseThatIsEnabled() throws IOException {
		this.folder.add("1_table.sql", "create table first (id int);");
		Path markdown = this.output.resolve("plan.md");
		try (ChildJvm jvm = start("--migrate.databases.orders.phase=startup",
				"--migrate.databases.reports.url=jdbc:h2:mem:reports", "--migrate.databases.off.url=jdbc:h2:mem:off",
				"--migrate.databases.off.enabled=false", "--migrate.plan.file=" + markdown)) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("orders, PostgreSQL ")
				.contains("reports, H2 ")
				.contains("Planned: 2 migrations pending")
				.doesNotContain("off, H2");
		}
		assertThat(Files.readString(markdown)).contains("## orders, PostgreSQL ", "## reports, H2 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--spring.main.lazy-initialization=true", "--migrate.phase=startup" })
	void endsHoweverTheApplicationIsStarted(String argument) {
		try (ChildJvm jvm = start(argument)) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("nothing is pending").doesNotContain("READY");
		}
	}

	@ParameterizedTest
	@CsvSource({
			"migrate.plan.fail-on=rewrit, migrate.plan.fail-on has \"rewrit\", 'Use pending, refused, findings, rewrite, '",
			"migrate.plan.file=plan.txt, migrate.plan.file is \"plan.txt\", Let it end with .json or .md.",
			"migrate.databases.a.mode=plan, migrate.databases.a.mode is plan, Set migrate.mode to plan" })
	void refusesWhatItDoesNotKnowBeforeAnything(String property, String description, String action) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("migrate.url=jdbc:h2:mem:refused", property)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).rootCause()
					.isInstanceOfSatisfying(InvalidSettingException.class, (failure) -> {
						assertThat(failure.getDescription()).startsWith(description);
						assertThat(failure.getAction()).startsWith(action);
					});
			});
	}

	@Test
	void bindsWhatIsWrittenAndWhenItFails() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("migrate.url=jdbc:h2:mem:bound", "migrate.plan.file=a.json,b.MD",
					"migrate.plan.fail-on=pending,rewrite", "migrate.enabled=false")
			.run((context) -> assertThat(context.getBean(MigrateProperties.class).plan())
				.isEqualTo(new MigrateProperties.Plan(List.of("a.json", "b.MD"), List.of("pending", "rewrite"))));
	}

	private ChildJvm start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password(),
				"--migrate.locations=" + this.folder.location(), "--migrate.mode=plan", "--server.port=0"));
		arguments.addAll(Arrays.asList(more));
		return ChildJvm.start(Application.class, arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		@Bean
		LivelyPool pool() {
			return new LivelyPool();
		}

		@Bean
		@ConditionalOnProperty("needs")
		@DependsOnDatabaseInitialization
		Object needsTheSchema(JdbcTemplate jdbc) {
			return jdbc.queryForList("select * from needed");
		}

		@EventListener
		void onReady(ApplicationReadyEvent event) {
			System.out.println("READY");
		}

	}

}
