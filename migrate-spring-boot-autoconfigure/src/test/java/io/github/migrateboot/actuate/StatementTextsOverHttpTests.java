package io.github.migrateboot.actuate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who sees texts of statements, at the endpoint and in the health details of an
 * application with a web server. What is secret has a wombat in it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class StatementTextsOverHttpTests {

	private static final String SECRET = "wombat";

	private static final String SHOW_VALUES = "--management.endpoint.migrate.show-values=";

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path path;

	private TestDatabase database;

	private ConfigurableApplicationContext application;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		folder().add("1_good.sql", "CREATE TABLE t (a integer);");
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "never", "when-authorized" })
	void areHiddenFromWhoeverIsNobody(String showValues, CapturedOutput output) throws Exception {
		startAndFail(showValues.isEmpty() ? new String[0] : new String[] { SHOW_VALUES + showValues });
		assertThat(endpoint(null)).contains("failed at statement 2 of 2, line 4 of file [", "SQLSTATE 42P01, code 0",
				"Fix line 4 of the file", "\"error\":\"SQLSTATE 42P01, code 0\"");
		assertThat(health()).contains("\"state\":\"failed\"", "line 4 of file [", "SQLSTATE 42P01, code 0");
		List<String> seen = new ArrayList<>();
		for (String link : links()) {
			seen.add(link.replaceAll(".*/", ""));
			assertThat(get(link, null)).as(link).doesNotContain(SECRET);
		}
		assertThat(seen).contains("migrate", "health", "metrics", "env", "configprops", "conditions", "beans");
		assertThat(output).contains("INSERT INTO t", "no_wombat");
	}

	@Test
	void areShownToEverybodyIfSaidSo() throws Exception {
		startAndFail(SHOW_VALUES + "always");
		assertThat(endpoint(null)).contains("Statement: INSERT INTO t", "relation \\\"no_wombat\\\" does not exist",
				"\"error\":\"ERROR: relation");
		assertThat(health()).contains("Statement: INSERT INTO t", "relation \\\"no_wombat\\\" does not exist");
	}

	@ParameterizedTest
	@CsvSource({ "user, '', true", "user, admin, false", "admin, admin, true", "admin, 'user,admin', true",
			", admin, false" })
	void areShownToWhomIsAuthorized(String user, String roles, boolean shown) throws Exception {
		startAndFail(SHOW_VALUES + "when-authorized", "--management.endpoint.migrate.roles=" + roles);
		assertThat(endpoint(user).contains(SECRET)).isEqualTo(shown);
		assertThat(health()).as("which is asked for by nobody in particular").doesNotContain(SECRET);
	}

	@Test
	void areHiddenFromWhoeverIsKnownByDefault() throws Exception {
		startAndFail();
		assertThat(endpoint("admin")).contains("line 4").doesNotContain(SECRET);
	}

	@ParameterizedTest
	@CsvSource({ "never, false", "when-authorized, true", "always, true" })
	void areShownOverJmxUnlessTheyAreNever(String showValues, boolean shown) throws Exception {
		startAndFail(SHOW_VALUES + showValues, "--spring.jmx.enabled=true",
				"--management.endpoints.jmx.exposure.include=migrate");
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		ObjectName name = server
			.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Migrate,*"), null)
			.iterator()
			.next();
		Object answer = server.invoke(name, "migrations", new Object[0], new String[0]);
		assertThat(answer).isInstanceOf(Map.class);
		assertThat(answer.toString()).contains("line 4 of file [", "SQLSTATE 42P01, code 0");
		assertThat(answer.toString().contains(SECRET)).isEqualTo(shown);
	}

	@ParameterizedTest
	@CsvSource({ "never, ******", "always, 'SELECT pg_sleep(60), ''wombat'''" })
	void ofTheHolderAreTreatedAlike(String showValues, String statement) throws Exception {
		// When the holder has stopped, the application runs the migration until it ends.
		start(SHOW_VALUES + showValues, "--spring.lifecycle.timeout-per-shutdown-phase=2s");
		folder().addWithoutTransaction("2_long.sql", "SELECT pg_sleep(60), 'wombat';");
		Migrator holder = new Migrator(folder().source(), this.database.connections(),
				MigratorSettings.defaults(Instance.current("holder")));
		CompletableFuture<Void> run = CompletableFuture.runAsync(holder::migrate);
		await(() -> assertThat(holder.status().state()).isEqualTo(MigratorStatus.State.MIGRATING));
		post("apply");
		await(() -> assertThat(endpoint(null)).contains("\"holder\"", "\"statement\":\"" + statement + "\""));
		assertThat(health()).contains("\"holder\":\"");
		assertThat((endpoint(null) + health()).contains(SECRET)).isEqualTo("always".equals(showValues));
		holder.stop(Duration.ZERO);
		await(() -> assertThat(run).isDone());
	}

	private void startAndFail(String... more) throws Exception {
		start(more);
		folder().add("2_bad.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t\n SELECT 'wombat' FROM no_wombat;");
		post("apply");
		await(() -> assertThat(endpoint(null)).contains("\"state\":\"failed\",\"since\"", "\"error\":"));
	}

	private void start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0",
				"--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password(), "--migrate.locations=file:" + this.path,
				"--management.endpoints.web.exposure.include=*", "--management.endpoint.health.show-details=always",
				"--management.endpoint.migrate.access=unrestricted"));
		arguments.addAll(Arrays.asList(more));
		this.application = new SpringApplication(Application.class).run(arguments.toArray(String[]::new));
	}

	private static void await(Check check) {
		Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(check::run);
	}

	private String endpoint(String user) throws Exception {
		return get(uri("/migrate"), user);
	}

	private String health() throws Exception {
		return get(uri("/health/migrate"), null) + get(uri("/health"), null);
	}

	/**
	 * Return what can be asked for without knowing more, but the dump of the heap.
	 */
	private List<String> links() throws Exception {
		return Pattern.compile("\"href\":\"([^\"{]+)\"")
			.matcher(get(uri(""), null))
			.results()
			.map((MatchResult result) -> result.group(1))
			.filter((link) -> !link.endsWith("heapdump"))
			.toList();
	}

	private String get(String uri, String user) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
		if (user != null) {
			request.header("User", user);
		}
		return this.client.send(request.build(), BodyHandlers.ofString()).body();
	}

	private void post(String operation) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(uri("/migrate/" + operation)))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{}"))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
	}

	private String uri(String path) {
		return "http://localhost:" + this.application.getEnvironment().getProperty("local.server.port") + "/actuator"
				+ path;
	}

	@FunctionalInterface
	private interface Check {

		void run() throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Login login() {
			return new Login();
		}

	}

	/**
	 * Takes everybody for whom they say they are, with one role of that name.
	 */
	static class Login extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String user = request.getHeader("User");
			chain.doFilter((user == null) ? request : new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return () -> user;
				}

				@Override
				public boolean isUserInRole(String role) {
					return user.equals(role);
				}

			}, response);
		}

	}

}
