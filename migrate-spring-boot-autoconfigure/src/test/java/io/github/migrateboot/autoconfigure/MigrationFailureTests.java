package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.ChangedMigrationException;
import io.github.migrateboot.failure.DuplicateVersionException;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.MissingLocationException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what an application prints when its migrations fail: each kind of failure,
 * caused for real.
 */
@ExtendWith(OutputCaptureExtension.class)
class MigrationFailureTests {

	private static final Pattern REPORT = Pattern
		.compile("APPLICATION FAILED TO START\n\\*+\n\nDescription:\n\n(.+?)\n\nAction:\n\n(.+?)\n\n", Pattern.DOTALL);

	@TempDir
	private Path folder;

	private TestDatabase database;

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void explainsFailingStatement(CapturedOutput output) throws IOException {
		use(TestServer.POSTGRES_EMBEDDED);
		write("1_good.sql", "create table good (id int);");
		write("2_bad.sql", "create table bad (id int);\ninsert into god values (1);");
		Report report = fail(MigrationFailedException.class, output);
		assertThat(report.description()).contains("2_bad.sql", "line 3", "statement 2 of 2",
				"insert into god values (1)", "relation \"god\" does not exist", "42P01");
		assertThat(report.action()).contains("line 3", "start again");
		assertThat(this.database.jdbc().queryForList("select version from schema_migrations", String.class))
			.containsExactly("1");
	}

	@Test
	void explainsLockTimeout(CapturedOutput output) throws IOException {
		use(TestServer.POSTGRES_EMBEDDED);
		write("1_slow.sql", "select pg_sleep(60);");
		CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> start("--spring.application.name=orders"));
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.database.jdbc()
				.queryForObject("select count(*) from pg_stat_activity where wait_event = 'PgSleep'",
						Integer.class) > 0);
		Report report = fail(LockTimeoutException.class, output, "--migrate.lock.timeout=300ms");
		assertThat(report.description()).contains("orders", "/" + ProcessHandle.current().pid(),
				"running: select pg_sleep(60)");
		assertThat(report.action()).contains("migrate.lock.timeout");
		this.database.execute("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(holder::isCompletedExceptionally);
	}

	@Test
	void explainsUnsupportedDatabase(CapturedOutput output) throws IOException {
		use(TestServer.POSTGRES_EMBEDDED);
		write("1_good.sql", "create table good (id int);");
		this.database.execute("alter database " + this.database.name() + " set default_transaction_read_only = on");
		Report report = fail(UnsupportedDatabaseException.class, output);
		assertThat(report.description()).contains("PostgreSQL refuses to write", "default_transaction_read_only");
		assertThat(report.action()).contains("Switch it off for migrations");
	}

	@Test
	void explainsMalformedFile(CapturedOutput output) throws IOException {
		use(TestServer.SQLITE);
		Files.writeString(this.folder.resolve("1_bad.sql"), "create table bad (id int);\n");
		Report report = fail(MalformedMigrationException.class, output);
		assertThat(report.description()).contains("1_bad.sql", "migrate:up");
		assertThat(report.action()).contains("-- migrate:up");
	}

	@Test
	void explainsDuplicateVersion(CapturedOutput output) throws IOException {
		use(TestServer.SQLITE);
		write("1_one.sql", "create table one (id int);");
		write("1_two.sql", "create table two (id int);");
		Report report = fail(DuplicateVersionException.class, output);
		assertThat(report.description()).contains("1_one.sql", "1_two.sql", "version 1");
		assertThat(report.action()).contains("rename");
	}

	@Test
	void explainsChangedFile(CapturedOutput output) throws IOException {
		use(TestServer.SQLITE);
		write("1_one.sql", "create table one (id int);");
		start();
		write("1_one.sql", "create table one (id bigint);");
		write("2_two.sql", "create table two (id int);");
		Report report = fail(ChangedMigrationException.class, output, "--migrate.checksum=fail");
		assertThat(report.description()).contains("1_one.sql").doesNotContain("2_two.sql");
		assertThat(report.action()).contains("migrate.checksum");
		assertThat(
				this.database.jdbc().queryForList("select name from sqlite_master where type = 'table'", String.class))
			.contains("one")
			.doesNotContain("two");
	}

	@Test
	void explainsMissingLocation(CapturedOutput output) throws IOException {
		use(TestServer.SQLITE);
		Report report = fail(MissingLocationException.class, output,
				"--migrate.locations=file:" + this.folder.resolve("none"));
		assertThat(report.description()).contains(this.folder.resolve("none").toString(), "does not exist");
		assertThat(report.action()).contains("migrate.locations", "migrate.enabled=false");
	}

	@Test
	void explainsHalfAppliedMigration(CapturedOutput output) throws IOException {
		use(TestServer.H2);
		write("1_half.sql", "create table one (id int);\ncreate table one (id int);\ncreate table two (id int);");
		Report first = fail(MigrationFailedException.class, output);
		assertThat(first.description()).contains("1_half.sql", "line 3", "statement 2 of 3", "42S01");
		write("1_half.sql", "\ncreate table one (id bigint);\ncreate table two (id int);");
		Report second = fail(HalfAppliedMigrationException.class, output);
		assertThat(second.description()).contains("1_half.sql", "Statement 1 (line 3 today) has changed",
				"create table one (id bigint)");
		assertThat(second.action()).contains("Put statement 1 back", "schema_migrations");
		assertThat(this.database.jdbc()
			.queryForList("select table_name from information_schema.tables where table_schema = 'PUBLIC'",
					String.class))
			.contains("ONE")
			.doesNotContain("TWO");
	}

	private void use(TestServer server) {
		this.database = server.create();
	}

	private void write(String name, String sql) throws IOException {
		Files.writeString(this.folder.resolve(name), "-- migrate:up\n" + sql + "\n\n-- migrate:down\n");
	}

	private Report fail(Class<? extends MigrationException> kind, CapturedOutput output, String... arguments) {
		int before = output.getOut().length();
		assertThatExceptionOfType(kind).isThrownBy(() -> start(arguments));
		String printed = output.getOut().substring(before);
		Matcher matcher = REPORT.matcher(printed);
		assertThat(matcher.find()).as(printed).isTrue();
		if (!this.database.password().isEmpty()) {
			assertThat(matcher.group()).doesNotContain("password=" + this.database.password());
		}
		return new Report(matcher.group(1), matcher.group(2));
	}

	private void start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password(),
				"--spring.datasource.hikari.maximum-pool-size=1", "--migrate.locations=file:" + this.folder));
		arguments.addAll(Arrays.asList(more));
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new))
			.close();
	}

	private record Report(String description, String action) {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, MigrateAutoConfiguration.class })
	static class Application {

	}

}
