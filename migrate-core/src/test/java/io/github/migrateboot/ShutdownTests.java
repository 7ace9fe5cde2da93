package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.engine.execution.CancellableExecution;
import io.github.migrateboot.engine.run.Shutdown;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Migrator#stop} against real servers.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("shutdown")));
	}

	private TestDatabase create(TestServer server) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE t (a integer)");
		if (server == TestServer.H2) {
			database
				.execute("CREATE ALIAS doze AS 'int doze(int ms) throws Exception { Thread.sleep(ms); return 2; }'");
		}
		return database;
	}

	/**
	 * An insert of a 2 that takes about two seconds.
	 */
	private static String slow(TestServer server) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "INSERT INTO t SELECT 2 FROM pg_sleep(2);\n";
			case MYSQL, MARIADB -> "INSERT INTO t SELECT 2 + 0 * SLEEP(2);\n";
			case SQLITE -> "INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c"
					+ " WHERE x < 5000000) SELECT min(x) FROM c;\n";
			case H2 -> "INSERT INTO t VALUES (doze(2000));\n";
		};
	}

	/**
	 * An insert that never ends by itself.
	 */
	private static String endless(TestServer server) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "INSERT INTO t SELECT 9 FROM pg_sleep(3600);\n";
			case MYSQL, MARIADB ->
				"INSERT INTO t SELECT 9 FROM (SELECT count(*) AS n FROM information_schema.columns a,"
						+ " information_schema.columns b, information_schema.columns c, information_schema.columns d) x;\n";
			case SQLITE -> "INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 9 UNION ALL SELECT x + 1 FROM c"
					+ " WHERE x < 100000000000) SELECT min(x) FROM c;\n";
			case H2 -> "INSERT INTO t SELECT CAST(min(x) AS integer) FROM system_range(9, 100000000000)"
					+ " WHERE mod(x, 7) < 9;\n";
		};
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	private static CompletableFuture<MigrationReport> start(Migrator migrator, int statement) {
		AtomicReference<Thread> thread = new AtomicReference<>();
		CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(() -> {
			thread.set(Thread.currentThread());
			return migrator.migrate();
		});
		Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> {
			MigratorStatus.Running running = migrator.status().running();
			return run.isDone() || (running != null && running.statement() == statement && isInStatement(thread.get()));
		});
		assertThat(run).isNotDone();
		return run;
	}

	/**
	 * Return whether the driver is at work for a statement of a migration.
	 */
	private static boolean isInStatement(Thread thread) {
		List<String> methods = Stream.of(thread.getStackTrace())
			.map((element) -> element.getClassName() + "." + element.getMethodName())
			.toList();
		int execution = methods.indexOf(CancellableExecution.class.getName() + ".run");
		return execution > 2;
	}

	private static String reason(CompletableFuture<MigrationReport> run) {
		StringBuilder text = new StringBuilder();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(run::join)
			.withCauseInstanceOf(InterruptedMigrationException.class)
			.satisfies((ex) -> text.append(ex.getCause().getMessage()));
		return text.toString();
	}

	@ParameterizedTest
	@EnumSource
	void waitForTheLockEndsAtOnce(TestServer server, CapturedOutput output) {
		folder().addWithoutTransaction("1_a.sql", endless(server));
		try (TestDatabase database = create(server)) {
			Migrator holder = migrator(database);
			CompletableFuture<MigrationReport> holding = start(holder, 1);
			Migrator waiter = migrator(database);
			CompletableFuture<MigrationReport> waiting = CompletableFuture.supplyAsync(waiter::migrate);
			Awaitility.await()
				.atMost(LONG)
				.until(() -> waiter.status().state() == MigratorStatus.State.WAITING
						&& waiter.status().holder() != null);
			long begin = System.nanoTime();
			assertThat(waiter.stop(LONG)).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
			assertThat(reason(waiting)).contains("Waiting for the migration lock ended after")
				.contains("because the application is shutting down")
				.contains("Start again");
			assertThat(output).contains("Shutting down: the migration run has ended. Waiting for the migration lock");
			assertThat(holder.stop(Duration.ZERO)).isTrue();
			reason(holding);
		}
	}

	@Test
	void waitThatEndsBeforeItIsLookedForIsTold(CapturedOutput output) {
		TestServer server = TestServer.POSTGRES_EMBEDDED;
		folder().addWithoutTransaction("1_a.sql", endless(server));
		try (TestDatabase database = create(server)) {
			Migrator holder = migrator(database);
			CompletableFuture<MigrationReport> holding = start(holder, 1);
			Migrator waiter = migrator(database);
			CompletableFuture<MigrationReport> waiting = CompletableFuture.supplyAsync(waiter::migrate);
			Awaitility.await().atMost(LONG).until(() -> waiter.status().state() == MigratorStatus.State.WAITING);
			Shutdown shutdown = waiter.beginShutdown();
			reason(waiting);
			assertThat(shutdown.await(LONG)).isTrue();
			assertThat(output).contains("Shutting down: the migration run has ended. Waiting for the migration lock");
			assertThat(waiter.stop(LONG)).isTrue();
			assertThat(output).containsOnlyOnce("Shutting down: the migration run has ended");
			assertThat(holder.stop(Duration.ZERO)).isTrue();
			reason(holding);
		}
	}

	@Test
	void waitForOneDatabaseEndsWhileAStatementOnAnotherGoesOn() {
		TestServer server = TestServer.POSTGRES_EMBEDDED;
		folder().addWithoutTransaction("1_a.sql", endless(server));
		try (TestDatabase first = create(server); TestDatabase second = create(server)) {
			Migrator busy = migrator(first);
			CompletableFuture<MigrationReport> running = start(busy, 1);
			Migrator holder = migrator(second);
			CompletableFuture<MigrationReport> holding = start(holder, 1);
			Migrator waiter = migrator(second);
			CompletableFuture<MigrationReport> waiting = CompletableFuture.supplyAsync(waiter::migrate);
			Awaitility.await().atMost(LONG).until(() -> waiter.status().state() == MigratorStatus.State.WAITING);
			Map<String, Migrator> both = new LinkedHashMap<>();
			both.put("first", busy);
			both.put("second", waiter);
			CompletableFuture<Boolean> stop = CompletableFuture.supplyAsync(() -> new Migrators(both).stop(LONG));
			Awaitility.await().atMost(LONG.dividedBy(2)).until(waiting::isDone);
			assertThat(running).isNotDone();
			assertThat(busy.stop(Duration.ZERO)).isTrue();
			assertThat(stop).succeedsWithin(LONG).isEqualTo(true);
			reason(running);
			assertThat(holder.stop(Duration.ZERO)).isTrue();
			reason(holding);
		}
	}

	@ParameterizedTest
	@EnumSource
	void runningStatementFinishesAndNothingMoreIsBegun(TestServer server, CapturedOutput output) {
		folder()
			.addWithoutTransaction("1_a.sql",
					"INSERT INTO t VALUES (1);\n" + slow(server) + "INSERT INTO t VALUES (3);")
			.add("2_b.sql", "INSERT INTO t VALUES (4);");
		try (TestDatabase database = create(server)) {
			Migrator migrator = migrator(database);
			CompletableFuture<MigrationReport> run = start(migrator, 2);
			assertThat(migrator.stop(LONG)).isTrue();
			assertThat(reason(run)).contains("migration 1_a.sql was stopped before statement 3 of 3, line 4 of ")
				.contains("The application is shutting down: ")
				.contains("Statements 1 to 2 have taken effect and stay")
				.contains("not applied: this one and 1 after it")
				.contains("Start again: the next start goes on at statement 3.")
				.doesNotContain("Fix");
			assertThat(output).contains("Shutting down: statement 2 of 3 of migration 1_a.sql may go on for 60.0 s")
				.contains(
						"Shutting down: the migration run has ended. The application is shutting down: migration 1_a");
			assertThat(rows(database)).containsExactly(1, 2);
			assertThat(database.versions()).isEmpty();
			assertThat(migrator.migrations().get(0)).satisfies((migration) -> {
				assertThat(migration.state()).isEqualTo(State.FAILED);
				assertThat(migration.error()).isEqualTo("Stopped because the application is shutting down");
			});
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "2");
			assertThat(rows(database)).containsExactly(1, 2, 3, 4);
		}
	}

	@ParameterizedTest
	@EnumSource
	void statementThatTakesTooLongIsCancelled(TestServer server, CapturedOutput output) {
		folder().addWithoutTransaction("1_a.sql",
				"INSERT INTO t VALUES (1);\n" + endless(server) + "INSERT INTO t VALUES (3);");
		try (TestDatabase database = create(server)) {
			Migrator migrator = migrator(database);
			CompletableFuture<MigrationReport> run = start(migrator, 2);
			assertThat(migrator.stop(Duration.ofMillis(300))).isTrue();
			assertThat(reason(run)).contains("migration 1_a.sql was stopped at statement 2 of 3, line 3 of ")
				.contains(", which was cancelled: ")
				.contains("Statements 1 to 1 have taken effect and stay")
				.contains("Start again: the next start goes on at statement 2.");
			assertThat(output).contains("statement 2 of 3 of migration 1_a.sql has not ended within 0.3 s");
			assertThat(rows(database)).containsExactly(1);
			folder().addWithoutTransaction("1_a.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);");
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void migrationInATransactionThatTakesTooLongIsRolledBack(TestServer server) {
		folder().add("1_a.sql", "INSERT INTO t VALUES (1);\n" + endless(server)).add("2_b.sql", "DROP TABLE t;");
		try (TestDatabase database = create(server)) {
			Migrator migrator = migrator(database);
			CompletableFuture<MigrationReport> run = start(migrator, server.name().startsWith("POSTGRES") ? 0 : 2);
			if (server.name().startsWith("POSTGRES")) {
				Awaitility.await()
					.atMost(LONG)
					.until(() -> database.jdbc()
						.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
								+ " AND datname = current_database()", Integer.class) == 1);
			}
			assertThat(migrator.stop(Duration.ofMillis(300))).isTrue();
			assertThat(reason(run)).contains("migration 1_a.sql was stopped at statement 2 of 2, line 3 of ")
				.containsIgnoringCase("nothing of ")
				.contains("not applied: this one and 1 after it")
				.contains("Start again: the next start runs the migration from its first statement.");
			assertThat(rows(database)).isEmpty();
			folder().add("1_a.sql", "INSERT INTO t VALUES (1);").remove("2_b.sql");
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@Test
	void migrationThatFinishesInTimeIsRecordedAndTheNextIsNotBegun() {
		// With the block it is not sent together with others.
		folder().add("1_a.sql", slow(TestServer.POSTGRES_EMBEDDED) + "DO $$ BEGIN END $$;")
			.add("2_b.sql", "DROP TABLE t;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			Migrator migrator = migrator(database);
			CompletableFuture<MigrationReport> run = start(migrator, 0);
			Awaitility.await()
				.atMost(LONG)
				.until(() -> database.jdbc()
					.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
							+ " AND datname = current_database()", Integer.class) == 1);
			assertThat(migrator.stop(LONG)).isTrue();
			assertThat(reason(run)).contains("The application is shutting down. 2_b.sql was not started.")
				.contains("recorded: 1; not applied: this one.");
			assertThat(database.versions()).containsExactly("1");
			assertThat(rows(database)).containsExactly(2);
		}
	}

	@Test
	void nothingRunsAfterTheSignalUntilTheApplicationIsStartedAgain() {
		folder().add("1_a.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = create(TestServer.SQLITE)) {
			Migrator migrator = migrator(database);
			assertThat(migrator.stop(Duration.ZERO)).isTrue();
			assertThat(migrator.stop(Duration.ZERO)).as("again").isTrue();
			assertThatExceptionOfType(InterruptedMigrationException.class).isThrownBy(migrator::migrate)
				.withMessageContaining("The application is shutting down. Nothing was started.");
			assertThat(rows(database)).isEmpty();
			migrator.start();
			assertThat(migrator.migrate().applied()).containsExactly("1");
		}
	}

}
