package io.github.migrateboot.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an orchestrator and an operator see of a web application over HTTP.
 */
@Timeout(60)
class ReadinessOverHttpTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private final CompletableFuture<Integer> port = new CompletableFuture<>();

	private final CountDownLatch started = new CountDownLatch(1);

	private final CountDownLatch mayGoOn = new CountDownLatch(1);

	private TestDatabase database;

	private CompletableFuture<ConfigurableApplicationContext> application;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
	}

	@AfterEach
	void stop() throws Exception {
		this.mayGoOn.countDown();
		if (this.application != null) {
			this.application.get(30, TimeUnit.SECONDS).close();
		}
		this.database.close();
	}

	@Test
	void isUnreadyAndAliveUntilEverythingIsMigrated() throws Exception {
		start(2);
		assertThat(this.started.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
		assertThat(get("/actuator/health/migrate").statusCode()).isEqualTo(503);
		assertThat(get("/actuator/health").statusCode()).isEqualTo(503);
		assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
		assertThat(get("/actuator/migrate").body()).contains("\"state\":\"pending\"");
		this.mayGoOn.countDown();
		this.application.get(30, TimeUnit.SECONDS);
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		assertThat(get("/actuator/health/migrate").body()).contains("\"state\":\"done\"");
		assertThat(get("/actuator/migrate").body()).contains("\"state\":\"done\"").contains("\"stale\":false");
	}

	@Test
	void endpointAnswersInTimeWhenThePoolIsExhausted() throws Exception {
		this.mayGoOn.countDown();
		start(1);
		ConfigurableApplicationContext context = this.application.get(30, TimeUnit.SECONDS);
		assertThat(get("/actuator/migrate").body()).contains("\"stale\":false");
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			long begin = System.nanoTime();
			HttpResponse<String> response = get("/actuator/migrate");
			Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
			assertThat(connection.isClosed()).isFalse();
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("\"state\":\"done\"")
				.contains("\"stale\":true")
				.contains("The database has not answered within 2000 ms");
			assertThat(elapsed).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(6));
		}
	}

	@Test
	void endpointIsNotWritable() throws Exception {
		this.mayGoOn.countDown();
		start(1);
		this.application.get(30, TimeUnit.SECONDS);
		for (String method : List.of("POST", "DELETE")) {
			HttpRequest request = HttpRequest.newBuilder(uri("/actuator/migrate"))
				.method(method, HttpRequest.BodyPublishers.noBody())
				.build();
			assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
		}
	}

	private void start(int connections) {
		SpringApplication application = new SpringApplication(Application.class);
		application.addListeners((ApplicationListener<WebServerInitializedEvent>) (event) -> this.port
			.complete(event.getWebServer().getPort()));
		application.addInitializers((context) -> context.getBeanFactory()
			.registerSingleton("migrationSource", new BlockingSource(this.started, this.mayGoOn)));
		this.application = CompletableFuture.supplyAsync(() -> application.run("--server.port=0",
				"--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.hikari.maximum-pool-size=" + connections,
				"--management.endpoints.web.exposure.include=*", "--management.endpoint.health.show-details=always"));
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
	}

	private URI uri(String path) throws Exception {
		return URI.create("http://localhost:" + this.port.get(30, TimeUnit.SECONDS) + path);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Has no migrations, and takes its time to say so when it is asked first.
	 */
	private record BlockingSource(CountDownLatch started, CountDownLatch mayGoOn) implements MigrationSource {

		@Override
		public List<MigrationFile> list(String vendor) {
			this.started.countDown();
			try {
				this.mayGoOn.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return List.of();
		}

	}

}
