package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is left of a rollback whose process was killed while a statement of the down block
 * was running.
 */
class RollbackCrashTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void leavesNothingWhereDdlIsTransactional(TestServer server) {
		String up = "-- migrate:up\nCREATE TABLE a (i integer);\nINSERT INTO a VALUES (1);\n-- migrate:down\n";
		folder().addRaw("1_a.sql", up + "DROP TABLE a;\nSELECT pg_sleep(300);\n");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			kill(database);
			// The server looks every second whether the client is still there.
			Awaitility.await().atMost(PATIENCE).until(() -> !isSleeping(database));
			assertThat(database.versions()).containsExactly("1");
			assertThat(database.jdbc().queryForList("SELECT i FROM a", Integer.class)).containsExactly(1);
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(1);
			folder().addRaw("1_a.sql", up + "DROP TABLE a;\n");
			assertThat(migrator(database).rollBack().rolledBack()).containsExactly("1");
			assertThat(database.versions()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void isToldByTheNextStartAndTheNextRollbackWhereItIsNot(TestServer server) {
		folder().addRaw("1_abc.sql", """
				-- migrate:up
				CREATE TABLE a (i integer);
				CREATE TABLE b (i integer);
				-- migrate:down
				DROP TABLE a;
				CREATE TABLE kept AS SELECT SLEEP(3) AS i;
				DROP TABLE b;
				""");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			kill(database);
			assertThat(database.versions()).as("what is not whole is not recorded").isEmpty();
			HalfAppliedMigrationException start = assertThatExceptionOfType(HalfAppliedMigrationException.class)
				.isThrownBy(migrator(database)::migrate)
				.actual();
			assertThat(start.getDescription()).contains("The rollback of 1_abc.sql was started at")
				.contains("(killed) and is not whole: statements 1 to 1 have taken effect, of 3.");
			assertThat(start.getAction()).contains("POST /actuator/migrate/rollback");
			HalfAppliedMigrationException rollback = assertThatExceptionOfType(HalfAppliedMigrationException.class)
				.isThrownBy(migrator(database)::rollBack)
				.actual();
			assertThat(rollback.getDescription()).contains("Statement 2 (line 6 today)")
				.contains("was cut off, so whether it has taken effect is not known")
				.contains("Statement: CREATE TABLE kept");
			assertThat(rollback.getAction()).contains("1:2=skip");
			assertThat(database.jdbc().queryForList("SELECT i FROM kept", Integer.class))
				.as("the lock was free only after the statement's end")
				.containsExactly(0);
			assertThat(migrator(database, Resolution.parse("1:2=skip")).rollBack().rolledBack()).containsExactly("1");
			assertThat(database.versions()).isEmpty();
			assertThat(database.jdbc()
				.queryForList("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
						+ " AND table_name IN ('a', 'b', 'kept')", String.class))
				.containsExactly("kept");
		}
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, Resolution... answers) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")).withResolve(List.of(answers)));
	}

	private void kill(TestDatabase database) {
		try (ChildJvm child = MigrateProcess.startRollback(database, folder(), "killed")) {
			Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
				assertThat(child.isAlive()).as(child::output).isTrue();
				return isSleeping(database);
			});
			child.kill();
		}
	}

	private static boolean isSleeping(TestDatabase database) {
		return !database.jdbc()
			.queryForList(database.server().name().startsWith("POSTGRES")
					? "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
					: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep' AND db = DATABASE()")
			.isEmpty();
	}

}
