package io.github.migrateboot.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.SpringServletContainerInitializer;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that applications of every kind migrate, each started for real.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationKindsTests {

	@TempDir
	private Path path;

	private MigrationFolder folder;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path).add("1_first.sql", "create table first (id int);");
		this.database = TestServer.SQLITE.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void aProcessWithoutAWebServerMigratesAndEnds() {
		try (ChildJvm jvm = ChildJvm.start(Application.class, arguments("--spring.main.web-application-type=none"))) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).doesNotContain("Tomcat");
		}
		assertThat(this.database.versions()).containsExactly("1");
	}

	@Test
	void anApplicationWithALazyMigratorMigrates() {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.lazyInitialization(true);
		try (ConfigurableApplicationContext context = builder.run(arguments())) {
			assertThat(context.getBeanFactory().getBeanDefinition("migrateMigrator").isLazyInit()).isTrue();
			assertThat(this.database.versions()).containsExactly("1");
		}
	}

	@Test
	void aManagementContextOfItsOwnMigratesNothingAgain() throws Exception {
		Ports ports = new Ports();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, RecordingSource.class)
			.listeners(ports);
		try (ConfigurableApplicationContext context = builder
			.run(arguments("--server.port=0", "--management.server.port=0"))) {
			assertThat(ports.byNamespace).containsOnlyKeys("", "management").doesNotContainValue(-1);
			// Twice by the run and the endpoint would be seen as well.
			assertThat(context.getBean(RecordingSource.class).threads).hasSize(1);
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://localhost:" + ports.byNamespace.get("management") + "/actuator/migrate"))
				.build();
			assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
				.contains("\"state\":\"done\"");
		}
	}

	@Test
	void virtualThreadsMakeNoDifference() {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class, RecordingSource.class);
		try (ConfigurableApplicationContext context = builder.run(arguments("--server.port=0",
				"--spring.threads.virtual.enabled=true", "--spring.main.keep-alive=true"))) {
			assertThat(context.getBean(RecordingSource.class).threads).containsExactly(Thread.currentThread());
		}
	}

	@Test
	void aWarMigratesWhenItIsDeployed() throws LifecycleException {
		try (Deployment deployment = new Deployment(this.path, arguments())) {
			assertThat(deployment.context.getState()).isEqualTo(LifecycleState.STARTED);
			assertThat(deployment.context.getServletContext()
				.getAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE))
				.isInstanceOf(WebApplicationContext.class)
				.isNotInstanceOf(WebServerApplicationContext.class);
			assertThat(this.database.versions()).containsExactly("1");
		}
	}

	@Test
	void aWarIsNotDeployedIfAMigrationFails(CapturedOutput output) {
		this.folder.add("2_bad.sql", "create tabel bad (id int);");
		assertThatExceptionOfType(LifecycleException.class)
			.isThrownBy(() -> new Deployment(this.path, arguments()).close());
		assertThat(output).contains("APPLICATION FAILED TO START").contains("2_bad.sql");
		assertThat(this.database.versions()).containsExactly("1");
	}

	private String[] arguments(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.hikari.maximum-pool-size=1", "--migrate.locations=" + this.folder.location(),
				"--management.endpoints.web.exposure.include=migrate"));
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

	/**
	 * Finds the migrations, and remembers by which threads they were asked for.
	 */
	static class RecordingSource implements MigrationSource {

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		@Override
		public List<MigrationFile> list(String vendor) {
			this.threads.add(Thread.currentThread());
			return List.of();
		}

	}

	/**
	 * Hears on which ports the web servers of an application listen.
	 */
	private static final class Ports implements ApplicationListener<WebServerInitializedEvent> {

		private final Map<String, Integer> byNamespace = new ConcurrentHashMap<>();

		@Override
		public void onApplicationEvent(WebServerInitializedEvent event) {
			WebServerApplicationContext context = event.getApplicationContext();
			String namespace = context.getServerNamespace();
			this.byNamespace.put((namespace != null) ? namespace : "", event.getWebServer().getPort());
		}

	}

	/**
	 * What a servlet container makes of a WAR.
	 */
	private static final class Deployment implements AutoCloseable {

		private final Tomcat tomcat = new Tomcat();

		private final Context context;

		Deployment(Path folder, String[] arguments) throws LifecycleException {
			this.tomcat.setBaseDir(folder.toString());
			this.tomcat.setPort(0);
			this.tomcat.getConnector();
			this.context = this.tomcat.addContext("", folder.toString());
			for (String argument : arguments) {
				String[] pair = argument.substring(2).split("=", 2);
				this.context.addParameter(pair[0], pair[1]);
			}
			this.context.addServletContainerInitializer(new SpringServletContainerInitializer(), Set.of(War.class));
			try {
				this.tomcat.start();
			}
			catch (LifecycleException ex) {
				close();
				throw ex;
			}
		}

		@Override
		public void close() throws LifecycleException {
			this.tomcat.stop();
			this.tomcat.destroy();
		}

	}

	/**
	 * The entry point of a WAR.
	 */
	public static class War extends SpringBootServletInitializer {

		@Override
		protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
			return builder.sources(Application.class);
		}

	}

}
