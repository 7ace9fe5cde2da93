package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;

import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When the lock of a process is free that was killed during a long statement.
 */
class CrashReleaseTests {

	@TempDir
	private Path path;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void onPostgresWithinSecondsAndTheStatementEnds(boolean transaction) {
		MigrationFolder folder = new MigrationFolder(this.path);
		if (transaction) {
			folder.add("1_long.sql", "SELECT pg_sleep(300);");
		}
		else {
			folder.addWithoutTransaction("1_long.sql", "SELECT pg_sleep(300);");
		}
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				ChildJvm child = MigrateProcess.start(database, folder, "killed")) {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sleeping(database) == 1);
			child.kill();
			// The server looks every second; the rest is for a busy machine.
			Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> locks(database) == 0);
			Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> sleeping(database) == 0);
		}
	}

	private static int sleeping(TestDatabase database) {
		return count(database, "pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");
	}

	private static int locks(TestDatabase database) {
		return count(database, "pg_locks l JOIN pg_database d ON d.oid = l.database"
				+ " WHERE d.datname = current_database() AND l.locktype = 'advisory'");
	}

	private static int count(TestDatabase database, String what) {
		Integer count = database.jdbc().queryForObject("SELECT count(*) FROM " + what, Integer.class);
		return (count != null) ? count : 0;
	}

}
