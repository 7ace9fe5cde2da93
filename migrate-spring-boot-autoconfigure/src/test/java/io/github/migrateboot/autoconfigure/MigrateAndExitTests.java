package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MigrationException;
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

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code migrate.mode=apply-and-exit}, with real processes that have a web
 * server and a thread that would keep them alive.
 */
class MigrateAndExitTests {

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
		this.folder = new MigrationFolder(this.path);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void endsWithZeroAfterMigratingAndBeforeAnythingElseStarts() {
		this.folder.add("1_first.sql", "create table first (id int);");
		try (ChildJvm jvm = start()) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
			assertThat(jvm.output()).contains("Migrated; the application ends, because migrate.mode is apply-and-exit")
				.contains("pool closed")
				.doesNotContain("started on port", "READY");
		}
		assertThat(this.database.versions()).containsExactly("1");
	}

	@Test
	void endsWithZeroWhenThereIsNothingToDo() {
		try (ChildJvm jvm = start("--spring.main.lazy-initialization=true")) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isZero();
		}
	}

	@Test
	void endsWithOneAfterAFailureAndSaysWhy() {
		this.folder.add("1_bad.sql", "create tabel bad (id int);");
		try (ChildJvm jvm = start("--swallow=true")) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isOne();
			assertThat(jvm.output()).contains("APPLICATION FAILED TO START")
				.contains("1_bad.sql failed at statement 1 of 1")
				.contains("Action:")
				.contains("pool closed")
				.doesNotContain("READY");
		}
	}

	@ParameterizedTest
	@CsvSource({ "runtime, ready", "error, ready", "wrapped, ready", "checked, startup", "migration, startup" })
	void endsWithOneWhateverAStrategyThrows(String what, String phase) {
		try (ChildJvm jvm = start("--throw=" + what, "--migrate.phase=" + phase)) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isOne();
			assertThat(jvm.output()).contains("not today").contains("pool closed").doesNotContain("READY");
			if (what.equals("wrapped") || what.equals("migration")) {
				assertThat(jvm.output()).contains("APPLICATION FAILED TO START").contains("Try tomorrow.");
			}
		}
	}

	@Test
	void keepsTheExitCodeOfAnExitCodeGenerator() {
		try (ChildJvm jvm = start("--generator=true")) {
			assertThat(jvm.awaitExit(Duration.ofSeconds(60))).as(jvm.output()).isEqualTo(42);
		}
	}

	private ChildJvm start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--migrate.locations=" + this.folder.location(), "--migrate.mode=apply-and-exit", "--server.port=0"));
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
		@ConditionalOnProperty("throw")
		MigrationStrategy strategy(Environment environment) {
			return (migrator) -> {
				MigrationException explained = new InvalidSettingException("not today.", "Try tomorrow.");
				throw Application.<RuntimeException>sneaky(switch (environment.getRequiredProperty("throw")) {
					case "runtime" -> new IllegalStateException("not today");
					case "checked" -> new IOException("not today");
					case "error" -> new NoClassDefFoundError("not today");
					case "wrapped" -> new IllegalStateException(explained);
					default -> explained;
				});
			};
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
			throw (T) failure;
		}

		@Bean
		@ConditionalOnProperty("generator")
		ExitCodeGenerator generator() {
			return () -> 42;
		}

		@Bean
		@ConditionalOnProperty("swallow")
		SimpleApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setErrorHandler((failure) -> {
			});
			return multicaster;
		}

		@EventListener
		void onReady(ApplicationReadyEvent event) {
			System.out.println("READY");
		}

	}

}
