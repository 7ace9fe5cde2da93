package io.github.migrateboot.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the plan at the endpoint. What is secret has a wombat in it.
 */
@Timeout(120)
class PlanOverHttpTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path path;

	private TestDatabase database;

	private ConfigurableApplicationContext application;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.database.execute("create table orders (id int primary key, note text)");
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.database.close();
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	@Test
	void saysWhatAStartWouldDoAndNothingIsDone() throws Exception {
		start();
		folder().add("1_index.sql", "create index by_note on orders (note);");
		JsonNode plan = plan();
		assertThat(plan.at("/version").asInt()).isEqualTo(1);
		JsonNode planned = plan.at("/databases/default");
		assertThat(planned.at("/pending").asInt()).isEqualTo(1);
		assertThat(planned.at("/migrations/0/findings/0/hazard").asString()).isEqualTo("index-build");
		assertThat(planned.at("/migrations/0/findings/0/table").asString()).isEqualTo("public.orders");
		assertThat(planned.has("holder")).isFalse();
		assertThat(this.database.jdbc()
			.queryForList("select table_name from information_schema.tables where table_schema = 'public'",
					String.class))
			.containsExactly("orders");
	}

	@ParameterizedTest
	@CsvSource({ "never, false", "always, true" })
	void showsStatementsOnlyIfToldTo(String showValues, boolean shown) throws Exception {
		start("--management.endpoint.migrate.show-values=" + showValues);
		folder().add("1_check.sql",
				"-- migrate:upp wombat\nalter table orders add constraint c check (note <> 'wombat');");
		String answer = get("plan").body();
		assertThat(answer.contains("wombat")).isEqualTo(shown);
		assertThat(answer.contains("\"text\":\"******\"")).isNotEqualTo(shown);
		assertThat(answer).contains("\"hazard\":\"scan-under-lock\"");
	}

	@Test
	void namesTheHolderOfTheLockWithoutWaitingForIt() throws Exception {
		start("--management.endpoint.migrate.show-values=always", "--spring.lifecycle.timeout-per-shutdown-phase=2s");
		folder().addWithoutTransaction("1_long.sql", "select pg_sleep(60);");
		Migrator holder = new Migrator(folder().source(), this.database.connections(),
				MigratorSettings.defaults(Instance.current("holder")));
		CompletableFuture<Void> run = CompletableFuture.runAsync(holder::migrate);
		Awaitility.await()
			.untilAsserted(() -> assertThat(holder.status().running()).isNotNull()
				.satisfies((running) -> assertThat(running.statement()).isOne()));
		Awaitility.await()
			.untilAsserted(() -> assertThat(plan().at("/databases/default/holder/statement").asString(""))
				.isEqualTo("select pg_sleep(60)"));
		assertThat(plan().at("/databases/default/holder/instance").asString()).contains("holder");
		assertThat(plan().at("/databases/default/refusals").isEmpty()).isTrue();
		assertThat(holder.status().state()).isEqualTo(MigratorStatus.State.MIGRATING);
		holder.stop(Duration.ZERO);
		Awaitility.await().until(run::isDone);
		assertThat(plan().at("/databases/default").has("holder")).isFalse();
	}

	@Test
	void saysWhatCanNotBePlanned() throws Exception {
		start();
		folder().addRaw("1_bad.sql", "create table wombat (id int);");
		JsonNode plan = plan();
		assertThat(plan.at("/databases/default/failure/description").asString()).contains("1_bad.sql");
		assertThat(plan.at("/databases/default/failure/action").asString()).isNotEmpty();
	}

	@Test
	void knowsNothingElse() throws Exception {
		start();
		assertThat(get("plans").statusCode()).isEqualTo(404);
	}

	@Test
	void isThereForEachDatabaseThatIsEnabled() throws Exception {
		start("--migrate.databases.a.url=" + this.database.url(),
				"--migrate.databases.a.username=" + this.database.user(),
				"--migrate.databases.a.password=" + this.database.password(), "--migrate.databases.b.enabled=false",
				"--migrate.databases.b.url=jdbc:h2:mem:b");
		folder().add("1_index.sql", "create index by_note on orders (note);");
		assertThat(plan().at("/databases").propertyNames()).containsExactly("a");
		assertThat(plan().at("/databases/a/pending").asInt()).isEqualTo(1);
	}

	private JsonNode plan() throws Exception {
		HttpResponse<String> answer = get("plan");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return JsonMapper.builder().build().readTree(answer.body());
	}

	private HttpResponse<String> get(String what) throws Exception {
		String port = this.application.getEnvironment().getRequiredProperty("local.server.port");
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + port + "/actuator/migrate/" + what))
			.build();
		return this.client.send(request, BodyHandlers.ofString());
	}

	private void start(String... more) {
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--spring.datasource.url=" + this.database.url(),
						"--spring.datasource.username=" + this.database.user(),
						"--spring.datasource.password=" + this.database.password(),
						"--migrate.locations=file:" + this.path, "--management.endpoints.web.exposure.include=migrate",
						"--spring.datasource.hikari.maximum-pool-size=2"));
		arguments.addAll(Arrays.asList(more));
		this.application = SpringApplication.run(Application.class, arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
