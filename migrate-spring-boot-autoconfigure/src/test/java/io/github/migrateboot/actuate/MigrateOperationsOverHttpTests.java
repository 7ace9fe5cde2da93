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
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an operator can do over HTTP.
 */
@Timeout(120)
class MigrateOperationsOverHttpTests {

	private static final String UNRESTRICTED = "--management.endpoint.migrate.access=unrestricted";

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path path;

	private TestDatabase database;

	private final CompletableFuture<Integer> port = new CompletableFuture<>();

	private ConfigurableApplicationContext application;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		for (String name : List.of("1_a", "2_b", "3_c")) {
			String table = name.substring(2);
			new MigrationFolder(this.path).addRaw(name + ".sql", "-- migrate:up\ncreate table " + table
					+ " (i integer);\n-- migrate:down\ndrop table " + table + ";\n");
		}
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.database.close();
	}

	@Test
	void writesNothingByDefault() throws Exception {
		start();
		assertThat(post("rollback", "{}").statusCode()).isEqualTo(405);
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
	}

	@Test
	void rollsBackAndAppliesAndIsFollowedOnTheEndpoint() throws Exception {
		start(UNRESTRICTED);
		HttpResponse<String> answer = post("rollback", "{\"version\":\"3\"}");
		assertThat(answer.statusCode()).isEqualTo(202);
		assertThat(answer.body()).isEqualTo("""
				{"operation":"rollback","database":"default","version":"3","started":true}""");
		awaitEndpoint("\"rolledBack\":[\"3\"]");
		assertThat(get()).contains("\"state\":\"done\"").contains("\"pending\":1");
		assertThat(this.database.versions()).containsExactly("1", "2");
		assertThat(post("apply", "{}").statusCode()).isEqualTo(202);
		awaitEndpoint("\"applied\":[\"3\"]");
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
		answer = post("rollback", "{\"to\":\"1\",\"database\":\"default\"}");
		assertThat(answer.body()).isEqualTo("""
				{"operation":"rollback","database":"default","to":"1","started":true}""");
		awaitEndpoint("\"rolledBack\":[\"3\",\"2\"]");
		assertThat(this.database.versions()).containsExactly("1");
	}

	@Test
	void rollsBackOnceWhenAGatewayAsksTwice() throws Exception {
		start(UNRESTRICTED);
		assertThat(post("rollback", "{\"version\":\"3\"}").statusCode()).isEqualTo(202);
		awaitEndpoint("\"rolledBack\":[\"3\"]");
		HttpResponse<String> again = post("rollback", "{\"version\":\"3\"}");
		assertThat(again.statusCode()).isEqualTo(200);
		assertThat(again.body()).isEqualTo("""
				{"operation":"rollback","database":"default","version":"3","started":false}""");
		assertThat(get()).contains("\"state\":\"done\"", "\"rolledBack\":[\"3\"]");
		assertThat(this.database.versions()).containsExactly("1", "2");
	}

	@Test
	void rollsBackNothingButTheLastOne() throws Exception {
		start(UNRESTRICTED);
		assertThat(post("rollback", "{\"version\":\"2\"}")).satisfies((answer) -> {
			assertThat(answer.statusCode()).isEqualTo(409);
			assertThat(answer.body()).contains("2_b.sql is not the last migration that is applied, which is 3_c.sql.");
		});
		assertThat(post("rollback", "{\"version\":\"9\"}")).satisfies((answer) -> {
			assertThat(answer.statusCode()).isEqualTo(409);
			assertThat(answer.body()).contains("There is no migration file with the version 9.");
		});
		for (String body : List.of("{}", "{\"version\":null}", "{\"version\":\"3\",\"to\":\"2\"}", "{\"version\":\"\"}",
				"{\"version\":\"last\"}", "{\"database\":\"default\"}")) {
			assertThat(post("rollback", body)).satisfies((answer) -> {
				assertThat(answer.statusCode()).as(body).isEqualTo(400);
				assertThat(answer.body()).contains("\"started\":false", "'version'");
			});
		}
		assertThat(get()).contains("\"state\":\"done\"").doesNotContain("rolledBack");
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
	}

	@Test
	void refusesWhatMeansNothing() throws Exception {
		start(UNRESTRICTED);
		assertThat(post("drop", "{}")).satisfies((answer) -> {
			assertThat(answer.statusCode()).isEqualTo(404);
			assertThat(answer.body()).contains("\"started\":false,\"refused\":\"There is no such operation");
		});
		assertThat(post("rollback", "{\"to\":\"x\"}").statusCode()).isEqualTo(400);
		assertThat(post("apply", "{\"to\":\"1\"}").statusCode()).isEqualTo(400);
		assertThat(post("apply", "{\"version\":\"1\"}").statusCode()).isEqualTo(400);
		assertThat(post("rollback", "{\"database\":\"other\",\"to\":\"1\"}").body())
			.contains("Set 'database' to one of default.");
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
	}

	@Test
	void showsWhyAnOperationFailedAndIsDownThen() throws Exception {
		start(UNRESTRICTED);
		assertThat(post("rollback", "{\"to\":\"9\"}").statusCode()).isEqualTo(202);
		awaitEndpoint("There is no migration file with the version 9. Nothing was rolled back.");
		assertThat(get()).contains("\"state\":\"failed\"");
		assertThat(post("apply", "{}").statusCode()).isEqualTo(202);
		awaitEndpoint("\"state\":\"done\"");
	}

	@Test
	void doesOneThingAtATime() throws Exception {
		start(UNRESTRICTED);
		try (var connection = this.database.connect(); var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table c");
			assertThat(post("rollback", "{\"version\":\"3\"}").statusCode()).isEqualTo(202);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> get().contains("\"state\":\"migrating\""));
			HttpResponse<String> second = post("apply", "{}");
			assertThat(second.statusCode()).isEqualTo(409);
			assertThat(second.body()).contains("Another operation is going on.");
			connection.rollback();
		}
		awaitEndpoint("\"rolledBack\":[\"3\"]");
	}

	@Test
	void waitsForTheApplicationsOwnRun() throws Exception {
		CompletableFuture<Void> start;
		try (var connection = this.database.connect(); var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("create table a (i integer)");
			start = CompletableFuture.runAsync(() -> start(UNRESTRICTED));
			this.port.get(30, TimeUnit.SECONDS);
			awaitEndpoint("\"state\":\"migrating\"");
			HttpResponse<String> answer = post("apply", "{}");
			assertThat(answer.statusCode()).isEqualTo(409);
			assertThat(answer.body()).contains("The application's own run has not ended yet.");
			connection.rollback();
		}
		start.get(60, TimeUnit.SECONDS);
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
	}

	@Test
	void worksWhereTheStartMigratesNothing() throws Exception {
		start(UNRESTRICTED, "--migrate.enabled=false");
		assertThat(post("apply", "{}").statusCode()).isEqualTo(202);
		awaitEndpoint("\"applied\":[\"1\",\"2\",\"3\"]");
		assertThat(this.database.versions()).containsExactly("1", "2", "3");
	}

	private void start(String... more) {
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--spring.datasource.url=" + this.database.url(),
						"--spring.datasource.username=" + this.database.user(),
						"--spring.datasource.password=" + this.database.password(),
						"--migrate.locations=file:" + this.path, "--management.endpoints.web.exposure.include=*"));
		arguments.addAll(Arrays.asList(more));
		SpringApplication springApplication = new SpringApplication(Application.class);
		springApplication.addListeners((ApplicationListener<WebServerInitializedEvent>) (event) -> this.port
			.complete(event.getWebServer().getPort()));
		this.application = springApplication.run(arguments.toArray(String[]::new));
	}

	private void awaitEndpoint(String text) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> get().contains(text));
	}

	private String get() throws Exception {
		return this.client.send(HttpRequest.newBuilder(uri("")).build(), BodyHandlers.ofString()).body();
	}

	private HttpResponse<String> post(String operation, String body) throws Exception {
		return this.client.send(HttpRequest.newBuilder(uri("/" + operation))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port.join() + "/actuator/migrate" + path);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
