package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.autoconfigure.MigrateOnReadyTests.Application;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what becomes of a real application that gets a {@code SIGTERM} while it migrates.
 */
class ShutdownProcessTests {

	/** 128 + 15, the JVM's own for a SIGTERM. */
	private static final int TERMINATED = 143;

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.database.execute("create table t (a int)");
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private ChildJvm start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.datasource.url=" + this.database.url(),
				"--server.port=0", "--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password(),
				"--migrate.locations=" + folder().location(), "--logging.level.com.zaxxer.hikari=info"));
		arguments.addAll(List.of(more));
		return ChildJvm.start(Application.class, arguments.toArray(String[]::new));
	}

	private void awaitSleeping() {
		Awaitility.await().atMost(LONG).until(() -> sleeping() == 1);
	}

	private int sleeping() {
		Integer count = this.database.jdbc()
			.queryForObject("select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
					+ " and datname = current_database()", Integer.class);
		return (count != null) ? count : 0;
	}

	private List<Integer> rows() {
		return this.database.jdbc().queryForList("select a from t order by a", Integer.class);
	}

	@Test
	void statementMayFinishAndNothingMoreIsBegun() {
		folder().addWithoutTransaction("1_a.sql",
				"insert into t select 1 from pg_sleep(3);\ninsert into t values (2);");
		try (ChildJvm jvm = start()) {
			awaitSleeping();
			jvm.terminate();
			assertThat(jvm.awaitExit(LONG)).as(jvm.output()).isEqualTo(TERMINATED);
			assertThat(jvm.output())
				.contains("Shutting down: statement 1 of 2 of migration 1_a.sql may go on for 25.0 s")
				.contains("Shutting down: the migration run has ended. The application is shutting down: migration"
						+ " 1_a.sql was stopped before statement 2 of 2");
			assertThat(jvm.output().indexOf("Shutting down: the migration run has ended"))
				.isLessThan(jvm.output().indexOf("Shutdown completed"));
			assertThat(rows()).containsExactly(1);
			assertThat(this.database.versions()).isEmpty();
		}
	}

	@Test
	void statementIsCancelledBeforeThePhaseIsOver() {
		folder().addWithoutTransaction("1_a.sql",
				"insert into t values (1);\ninsert into t select 2 from pg_sleep(3600);");
		try (ChildJvm jvm = start("--spring.lifecycle.timeout-per-shutdown-phase=3s")) {
			awaitSleeping();
			jvm.terminate();
			assertThat(jvm.awaitExit(LONG)).as(jvm.output()).isEqualTo(TERMINATED);
			assertThat(jvm.output()).contains("has not ended within 1.5 s and is cancelled")
				.contains("was stopped at statement 2 of 2, line 3 of ")
				.contains("canceling statement due to user request")
				.doesNotContain("Shutdown phase " + Integer.MAX_VALUE + " ends");
			assertThat(sleeping()).isZero();
			assertThat(rows()).containsExactly(1);
			assertThat(this.database.jdbc()
				.queryForMap("select state, statements_done, statement from schema_migrations_journal"))
				.containsEntry("state", "failed")
				.containsEntry("statements_done", 1)
				.containsEntry("statement", 2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--migrate.phase=startup", "--migrate.mode=apply-and-exit" })
	void statementIsCancelledWhileTheContextIsBeingRefreshed(String setting) {
		folder().addWithoutTransaction("1_a.sql",
				"insert into t values (1);\ninsert into t select 2 from pg_sleep(3600);");
		try (ChildJvm jvm = start(setting, "--spring.lifecycle.timeout-per-shutdown-phase=3s")) {
			awaitSleeping();
			jvm.terminate();
			assertThat(jvm.awaitExit(LONG)).as(jvm.output()).isEqualTo(TERMINATED);
			assertThat(jvm.output()).contains("has not ended within 1.5 s and is cancelled")
				.contains("was stopped at statement 2 of 2, line 3 of ");
			assertThat(rows()).containsExactly(1);
			assertThat(this.database.jdbc().queryForObject("select state from schema_migrations_journal", String.class))
				.isEqualTo("failed");
		}
	}

	@Test
	void waiterEndsAtOnce() {
		folder().addWithoutTransaction("1_a.sql", "select pg_sleep(3600);");
		try (ChildJvm holder = start()) {
			awaitSleeping();
			try (ChildJvm waiter = start("--migrate.lock.report-interval=100ms")) {
				waiter.awaitOutput("Waiting for the migration lock for", LONG);
				waiter.terminate();
				assertThat(waiter.awaitExit(Duration.ofSeconds(20))).as(waiter.output()).isEqualTo(TERMINATED);
				assertThat(waiter.output()).contains("Waiting for the migration lock ended after")
					.contains("because the application is shutting down");
			}
			assertThat(holder.isAlive()).isTrue();
			assertThat(sleeping()).isEqualTo(1);
		}
	}

}
