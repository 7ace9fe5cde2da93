package io.github.migrateboot.actuate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.Traffic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MigrationMetrics}.
 */
class MigrationMetricsTests {

	@TempDir
	private Path path;

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countRetriesWhenTheyHappenAlsoOfARunThatFails() throws SQLException {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_free.sql", "CREATE TABLE u (a integer);")
			.add("2_blocked.sql", "ALTER TABLE t ADD b integer;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("CREATE TABLE t (a integer)");
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(Instance.current("tests"))
						.withStatement(
								StatementSettings.defaults().withLockTimeout(Duration.ofMillis(50)).withRetries(2)));
			migrator.addListener(new MigrationMetrics(this.registry).create("orders", migrator::status));
			List<String> seen = new ArrayList<>();
			migrator.addListener(new MigrationListener() {

				@Override
				public void migrationRetried(Running migration) {
					seen.add(migration.version() + " counted " + retries());
				}

				@Override
				public void migrationEnded(Running migration, Outcome outcome, Duration took,
						@Nullable MigrationException failure) {
					seen.add(migration.version() + " " + outcome);
				}

			});
			assertThat(retries()).isZero();
			try (Connection blocker = database.connect(); Statement statement = blocker.createStatement()) {
				blocker.setAutoCommit(false);
				statement.execute("SELECT a FROM t");
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate);
			}
			assertThat(seen).containsExactly("1 APPLIED", "2 counted 1.0", "2 counted 2.0", "2 FAILED");
			assertThat(retries()).isEqualTo(2);
		}
	}

	@Test
	void showHowManySessionsWaitAndForHowLong() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_long.sql",
				"ALTER TABLE t ADD b integer;\nSELECT pg_sleep(4);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("CREATE TABLE t (a integer)");
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(Instance.current("tests")));
			migrator.addListener(new MigrationMetrics(this.registry).create("orders", migrator::status));
			assertThat(blocking()).isZero();
			try (Traffic traffic = new Traffic(database, 2, "SELECT a FROM t")) {
				CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> run.isDone() || blocking() == 2);
				assertThat(this.registry.get("migrate.blocking.longest")
					.tag("database", "orders")
					.timeGauge()
					.value(TimeUnit.MILLISECONDS)).isPositive();
				assertThat(run.join().applied()).containsExactly("1");
				assertThat(traffic.failures()).isEmpty();
			}
			assertThat(blocking()).isZero();
		}
	}

	private double blocking() {
		return this.registry.get("migrate.blocking").tag("database", "orders").gauge().value();
	}

	private double retries() {
		return this.registry.get("migrate.retries").tag("database", "orders").counter().count();
	}

}
