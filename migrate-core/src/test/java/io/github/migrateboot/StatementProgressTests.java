package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How far the server is with a long statement, as the one who runs it and as waiters see
 * it. A build that waits for a transaction keeps its phase for as long as the test needs.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatementProgressTests {

	@TempDir
	private Path path;

	@Test
	void isSeenByTheHolderAndByWaiters() throws Exception {
		MigrationFolder folder = new MigrationFolder(this.path).addWithoutTransaction("1_index.sql",
				"CREATE INDEX CONCURRENTLY i ON t (a);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("CREATE TABLE t (a integer)");
			Migrator builder = migrator(folder, database);
			Migrator waiter = migrator(folder, database);
			try (var blocker = database.connect(); var statement = blocker.createStatement()) {
				blocker.setAutoCommit(false);
				statement.execute("INSERT INTO t VALUES (1)");
				CompletableFuture<MigrationReport> built = CompletableFuture.supplyAsync(builder::migrate);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> progress(builder) != null);
				assertThat(progress(builder)).startsWith("create index: waiting for writers");
				CompletableFuture<MigrationReport> waited = CompletableFuture.supplyAsync(waiter::migrate);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> holderProgress(waiter) != null);
				assertThat(holderProgress(waiter)).startsWith("create index: waiting for writers");
				blocker.rollback();
				assertThat(built.get(30, TimeUnit.SECONDS).applied()).containsExactly("1");
				assertThat(waited.get(30, TimeUnit.SECONDS).applied()).isEmpty();
			}
		}
	}

	/**
	 * The table grows until the statement takes long enough for somebody to look.
	 */
	@ParameterizedTest
	@CsvSource({ "MARIADB, 'ALTER TABLE t FORCE, ALGORITHM=COPY;', copy to tmp table",
			"MYSQL, 'ALTER TABLE t FORCE, ALGORITHM=INPLACE;', alter table" })
	void isSeenWhileATableIsRebuilt(TestServer server, String statement, String phase, CapturedOutput output) {
		MigrationFolder folder = new MigrationFolder(this.path);
		try (TestDatabase database = server.create()) {
			requireStageEvents(database);
			database.execute("CREATE TABLE t (a integer AUTO_INCREMENT PRIMARY KEY, b char(200))",
					"INSERT INTO t (b) VALUES ('x')");
			Pattern progress = Pattern.compile("statement 1 of 1: " + phase + "[^,\n]*, \\d{1,3} %");
			for (int doubled = 0; !progress.matcher(output).find(); doubled++) {
				assertThat(doubled).as("doublings of a table that is rebuilt too fast").isLessThan(19);
				database.execute("INSERT INTO t (b) SELECT b FROM t");
				if (doubled >= 14) {
					folder.addWithoutTransaction(doubled + "_rebuild.sql", statement);
					migrator(folder, database).migrate();
				}
			}
		}
	}

	/**
	 * MySQL says nothing where they are switched off.
	 */
	private static void requireStageEvents(TestDatabase database) {
		if (database.server() == TestServer.MYSQL) {
			Integer instruments = database.jdbc()
				.queryForObject("SELECT count(*) FROM performance_schema.setup_instruments"
						+ " WHERE name LIKE 'stage/innodb/alter table%' AND enabled = 'YES'", Integer.class);
			assertThat(instruments).as("instruments of MySQL for stages of ALTER TABLE that are switched on")
				.isPositive();
		}
	}

	@Test
	void isDescribedInOneClause() {
		assertThat(new StatementProgress("copying", 3L, 12L).describe()).isEqualTo("copying, 25 %");
		assertThat(new StatementProgress("copying", 13L, 12L).describe()).isEqualTo("copying, 100 %");
		assertThat(new StatementProgress("waiting", null, null).describe()).isEqualTo("waiting");
	}

	private static @Nullable String progress(Migrator migrator) {
		MigratorStatus.Running running = migrator.status().running();
		StatementProgress progress = (running != null) ? running.progress() : null;
		return (progress != null) ? progress.describe() : null;
	}

	private static @Nullable String holderProgress(Migrator migrator) {
		LockHolder holder = migrator.status().holder();
		StatementProgress progress = (holder != null) ? holder.progress() : null;
		return (progress != null) ? progress.describe() : null;
	}

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests"))
					.withLock(LockSettings.defaults().withReportInterval(Duration.ofMillis(50))));
	}

}
