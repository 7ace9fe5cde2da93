package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.engine.execution.StatementMonitor;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatementMonitor} with a network that loses what is sent.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatementMonitorTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, Duration reportInterval) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("watch"))
					.withLock(LockSettings.defaults().withReportInterval(reportInterval)));
	}

	private static String sleep(TestDatabase database, double seconds) {
		return isPostgres(database) ? "SELECT pg_sleep(" + seconds + ")" : "DO SLEEP(" + seconds + ")";
	}

	private static boolean isPostgres(TestDatabase database) {
		return database.server().name().startsWith("POSTGRES");
	}

	private static List<Long> sleepers(TestDatabase database) {
		return database.jdbc()
			.queryForList(isPostgres(database)
					? "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
					: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep' AND db = DATABASE()",
					Long.class);
	}

	private static void awaitSleeping(TestDatabase database) {
		Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> sleepers(database).size() == 1);
	}

	private static void assertConnectionIsLost(CompletableFuture<MigrationReport> run) {
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> run.orTimeout(60, TimeUnit.SECONDS).join())
			.withCauseInstanceOf(MigrationFailedException.class)
			.withMessageContaining("whether the statement took effect is not known");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void saysHowLongAStatementHasBeenRunning(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			folder().addWithoutTransaction("1_a.sql", sleep(database, 0) + ";\n" + sleep(database, 2) + ";");
			TestDatabase slow = database.at(proxy.url(database.url()));
			assertThat(migrator(slow, Duration.ofMillis(500)).migrate().applied()).containsExactly("1");
			assertThat(output).contains("Migration 1_a.sql, statement 2 of 2 has been running for ")
				.doesNotContain("statement 1 of 2 has been running")
				.doesNotContain("The wait for it ends");
			assertThat(proxy.connections()).as("borrowed, migrating and asking").isEqualTo(3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void opensNothingForShortStatements(TestServer server) {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			folder().addWithoutTransaction("1_a.sql", sleep(database, 0) + ";\n" + sleep(database, 0.5) + ";");
			migrator(database.at(proxy.url(database.url())), LONG).migrate();
			assertThat(proxy.connections()).as("borrowed and migrating").isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void waitEndsIfTheSessionIsGone(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			folder().addWithoutTransaction("1_a.sql", sleep(database, 3600) + ";");
			TestDatabase behind = database.at(proxy.url(database.url()));
			CompletableFuture<MigrationReport> run = CompletableFuture
				.supplyAsync(() -> migrator(behind, Duration.ofSeconds(1)).migrate());
			awaitSleeping(database);
			proxy.blackHole();
			Long session = sleepers(database).get(0);
			database.execute(isPostgres(database) ? "SELECT pg_terminate_backend(" + session + ")" : "KILL " + session);
			assertConnectionIsLost(run);
			assertThat(output)
				.contains("Migration 1_a.sql, statement 1 of 1: its session does not exist any more on the server.");
			assertThatExceptionOfType(HalfAppliedMigrationException.class)
				.isThrownBy(migrator(database, Duration.ofSeconds(1))::migrate)
				.withMessageContaining("1:1=retry");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void waitEndsIfTheAnswerGotLost(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			folder().addWithoutTransaction("1_a.sql", sleep(database, 4) + ";");
			TestDatabase behind = database.at(proxy.url(database.url()));
			CompletableFuture<MigrationReport> run = CompletableFuture
				.supplyAsync(() -> migrator(behind, Duration.ofSeconds(1)).migrate());
			awaitSleeping(database);
			proxy.blackHole();
			assertConnectionIsLost(run);
			assertThat(output)
				.contains("Migration 1_a.sql, statement 1 of 1: the server has finished it, but the answer"
						+ " did not arrive.");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void unansweredQuestionEndsNothing(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			folder().addWithoutTransaction("1_a.sql", sleep(database, 4) + ";");
			TestDatabase behind = database.at(proxy.url(database.url()));
			CompletableFuture<MigrationReport> run = CompletableFuture
				.supplyAsync(() -> migrator(behind, Duration.ofMillis(500)).migrate());
			awaitSleeping(database);
			proxy.refuse(true);
			assertThat(run.orTimeout(60, TimeUnit.SECONDS).join().applied()).containsExactly("1");
			assertThat(output).contains("has been running for").doesNotContain("The wait for it ends");
		}
	}

}
