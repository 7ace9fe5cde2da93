package io.github.migrateboot;

import java.nio.file.Path;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.HiddenDriver;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Connections to PostgreSQL that don't lead to its driver's own, because something wraps
 * them and hides what it wraps.
 */
class HiddenDriverTests {

	@TempDir
	private Path path;

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), new HiddenDriver(database.connections()),
				MigratorSettings.defaults(Instance.current("hidden")));
	}

	@Test
	void queriesAreExecutedToTheirEnd() {
		String touch = "insert into touched select 0; select touch(i) from generate_series(1, 10) i;\n";
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql", touch)
			.addWithoutTransaction("2.sql", touch);
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create table touched (i int)", "create function touch(i int) returns int language sql as"
					+ " 'insert into touched values (i) returning 1'");
			assertThat(migrator(folder, database).migrate().applied()).containsExactly("1", "2");
			assertThat(database.jdbc().queryForObject("select sum(i) from touched", Integer.class)).isEqualTo(110);
		}
	}

	@Test
	void failureIsTheStatements() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"create table a (i int);\ninsert into a values (1);\nselect 1 / (i - 3) from generate_series(1, 5) i;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(folder, database)::migrate)
				.withMessageContaining("statement 3 of 3, line 4 of ");
			assertThat(database.versions()).isEmpty();
		}
	}

	@Test
	void copySaysWhatItNeeds() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"create table a (i int);\ncopy a from stdin;\n1\n\\.\n");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(folder, database)::migrate)
				.withMessageContaining("statement 2 of 2, line 3 of ")
				.withMessageContaining("needs a connection of PostgreSQL's own driver");
		}
	}

}
