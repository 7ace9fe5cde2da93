package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ChangedMigrationException;
import io.github.migrateboot.failure.DatabaseNotReadyException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.settings.MigratorSettings.Mode;
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
 * What a run may do: the modes, and databases that are ahead of the files.
 */
@ExtendWith(OutputCaptureExtension.class)
class ModeTests {

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, MigratorSettings settings) {
		return new Migrator(folder().source(), database.connections(), settings);
	}

	private Migrator migrator(TestDatabase database, Mode mode, Duration timeout) {
		LockSettings lock = LockSettings.defaults()
			.withTimeout(timeout)
			.withPollInterval(Duration.ofMillis(20))
			.withReportInterval(Duration.ofMillis(100));
		return migrator(database, settings(mode).withLock(lock));
	}

	private static MigratorSettings settings(Mode mode) {
		return MigratorSettings.defaults(Instance.current("tests")).withMode(mode);
	}

	private static List<String> tables(TestDatabase database) {
		List<String> tables = new ArrayList<>();
		try (Connection connection = database.connect();
				ResultSet rows = connection.getMetaData()
					.getTables(connection.getCatalog(), connection.getSchema(), "schema_migrations%", null)) {
			while (rows.next()) {
				tables.add(rows.getString("TABLE_NAME"));
			}
			return tables;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource
	void validateRefusesWhatIsPendingAndCreatesNothing(TestServer server) {
		for (int version = 1; version <= 7; version++) {
			folder().add(version + "_file.sql", "CREATE TABLE t" + version + " (a integer);");
		}
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database, settings(Mode.VALIDATE));
			assertThatExceptionOfType(DatabaseNotReadyException.class).isThrownBy(migrator::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("migrate.mode is validate: 7 of 7 are pending:"
							+ " 1_file.sql, 2_file.sql, 3_file.sql, 4_file.sql, 5_file.sql and 2 more. Nothing was changed.");
					assertThat(failure.getAction()).contains("migrate.mode is apply or apply-and-exit");
				});
			assertThat(tables(database)).isEmpty();
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.FAILED);
			assertThat(migrator.status().pending()).isEqualTo(7);
		}
	}

	@ParameterizedTest
	@EnumSource
	void validateAcceptsWhatIsExactlyApplied(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			migrator(database, settings(Mode.APPLY)).migrate();
			MigrationReport report = migrator(database, settings(Mode.VALIDATE)).migrate();
			assertThat(report.applied()).isEmpty();
			assertThat(report.alreadyApplied()).isEqualTo(1);
			assertThat(output).contains("Valid: exactly the 1 migrations are applied");
		}
	}

	@Test
	void validateRefusesWhatWasChangedUnlessChecksumsAreIgnored() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.H2.create()) {
			migrator(database, settings(Mode.APPLY)).migrate();
			folder().add("1_table.sql", "CREATE TABLE t (b integer);");
			for (ChecksumPolicy policy : List.of(ChecksumPolicy.WARN, ChecksumPolicy.FAIL)) {
				assertThatExceptionOfType(DatabaseNotReadyException.class)
					.isThrownBy(migrator(database, settings(Mode.VALIDATE).withChecksum(policy))::migrate)
					.satisfies((failure) -> assertThat(failure.getDescription())
						.contains("changed after being applied: 1_table.sql. Nothing was changed."));
			}
			assertThat(migrator(database, settings(Mode.VALIDATE).withChecksum(ChecksumPolicy.IGNORE)).migrate()
				.alreadyApplied()).isEqualTo(1);
		}
	}

	@Test
	void validateSaysWhichOfThePendingWasBegun() {
		folder().add("1_half.sql", "CREATE TABLE t (a integer);\nINSERT INTO nowhere VALUES (1);");
		try (TestDatabase database = TestServer.H2.create()) {
			assertThat(
					org.assertj.core.api.Assertions.catchThrowable(migrator(database, settings(Mode.APPLY))::migrate))
				.isNotNull();
			assertThatExceptionOfType(DatabaseNotReadyException.class)
				.isThrownBy(migrator(database, settings(Mode.VALIDATE))::migrate)
				.satisfies((failure) -> assertThat(failure.getDescription())
					.contains("1 of 1 are pending: 1_half.sql (started and not whole)."));
		}
	}

	@ParameterizedTest
	@EnumSource
	void databaseThatIsAheadIsFineButForValidate(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			migrator(database, settings(Mode.APPLY)).migrate();
			assertThat(output).doesNotContain("ahead of this application");
			folder().remove("2_row.sql");
			assertThat(migrator(database, settings(Mode.APPLY)).migrate().alreadyApplied()).isEqualTo(1);
			assertThat(output)
				.contains("The database is ahead of this application: one migration is applied without a file here: 2");
			assertThatExceptionOfType(DatabaseNotReadyException.class)
				.isThrownBy(migrator(database, settings(Mode.VALIDATE))::migrate)
				.satisfies((failure) -> assertThat(failure.getDescription())
					.contains("migrate.mode is validate: applied without a file here: 2. Nothing was changed."));
			assertThat(migrator(database, settings(Mode.WAIT)).migrate().alreadyApplied()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void waitEndsWhenOthersHaveAppliedEverything(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			Migrator waiter = migrator(database, Mode.WAIT, Duration.ofMinutes(1));
			CompletableFuture<MigrationReport> report = CompletableFuture.supplyAsync(waiter::migrate);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> output.toString()
					.contains("until others have applied 2 of 2 migrations: 1_table.sql, 2_row"));
			assertThat(waiter.status().state()).isEqualTo(MigratorStatus.State.WAITING);
			assertThat(waiter.status().pending()).isEqualTo(2);
			assertThat(tables(database)).isEmpty();
			migrator(database, settings(Mode.APPLY)).migrate();
			assertThat(report.orTimeout(30, TimeUnit.SECONDS).join().applied()).isEmpty();
			assertThat(waiter.status().state()).isEqualTo(MigratorStatus.State.DONE);
			assertThat(output).contains("Everything is applied to").contains("2 migrations, after a wait of");
		}
	}

	@Test
	void waitEndsAtTheLockTimeoutAndSaysWhatIsPending() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator waiter = migrator(database, Mode.WAIT, Duration.ofMillis(300));
			assertThatExceptionOfType(DatabaseNotReadyException.class).isThrownBy(waiter::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("migrate.lock.timeout")
						.contains("1 of 1 migrations are pending: 1_table.sql. This instance has changed nothing.");
					assertThat(failure.getAction()).contains("raise migrate.lock.timeout");
				});
			assertThat(tables(database)).isEmpty();
		}
	}

	@Test
	void waitEndsWhenItIsInterrupted() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator waiter = migrator(database, Mode.WAIT, Duration.ofMinutes(1));
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(InterruptedMigrationException.class).isThrownBy(waiter::migrate);
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void waitFailsIfOthersHaveAppliedAnotherContentAndChecksumsMatter() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			migrator(database, settings(Mode.APPLY)).migrate();
			folder().add("1_table.sql", "CREATE TABLE t (b integer);");
			assertThatExceptionOfType(ChangedMigrationException.class)
				.isThrownBy(migrator(database, settings(Mode.WAIT).withChecksum(ChecksumPolicy.FAIL))::migrate);
		}
	}

	@Test
	void waitTakesNoLock() {
		folder().add("1_table.sql", "SELECT pg_sleep(3600);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Migrator waiter = migrator(database, Mode.WAIT, Duration.ofMinutes(1));
			CompletableFuture<MigrationReport> report = CompletableFuture.supplyAsync(waiter::migrate);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> waiter.status().state() == MigratorStatus.State.WAITING);
			assertThat(database.jdbc()
				.queryForObject("select count(*) from pg_locks where locktype = 'advisory'", Integer.class)).isZero();
			database.execute("create table schema_migrations (version varchar primary key)",
					"insert into schema_migrations values ('1')");
			assertThat(report.orTimeout(30, TimeUnit.SECONDS).join().alreadyApplied()).isEqualTo(1);
		}
	}

}
