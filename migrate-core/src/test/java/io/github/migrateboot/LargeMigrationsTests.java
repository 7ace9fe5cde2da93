package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Migrations that are large together.
 */
class LargeMigrationsTests {

	private static final int FILES = 40;

	private static final int STATEMENTS = 4;

	private static final int STATEMENT_SIZE = 500_000;

	@TempDir
	private Path path;

	@Test
	void needNotFitIntoTheHeapAllAtOnce() {
		MigrationFolder folder = new MigrationFolder(this.path).add("100_table.sql", "CREATE TABLE t (a integer);");
		for (int number = 1; number <= FILES; number++) {
			folder.add(100 + number + "_row.sql",
					"INSERT INTO t VALUES (length('%s'));\n".formatted("x".repeat(STATEMENT_SIZE)).repeat(STATEMENTS));
		}
		List<String> options = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"));
		try (TestDatabase database = TestServer.SQLITE.create();
				ChildJvm process = MigrateProcess.start(options, database, folder, "large", List.of())) {
			assertThat(process.awaitExit(Duration.ofMinutes(3))).as(process::output).isZero();
			assertThat(database.versions()).hasSize(FILES + 1);
			assertThat(database.jdbc().queryForObject("SELECT sum(a) FROM t", Integer.class))
				.isEqualTo(FILES * STATEMENTS * STATEMENT_SIZE);
		}
	}

}
