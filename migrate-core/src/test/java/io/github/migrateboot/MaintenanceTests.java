package io.github.migrateboot;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
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
 * Maintenance of tables on MySQL and MariaDB, which answers with rows and not with an
 * error when it has failed.
 */
class MaintenanceTests {

	@TempDir
	private Path path;

	private Migrator migrator(TestDatabase database) {
		return new Migrator(new MigrationFolder(this.path).source(), database.connections(),
				MigratorSettings.defaults(Instance.current("maintenance")));
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void thatFailsFailsTheMigration(TestServer server) {
		new MigrationFolder(this.path).add("1_optimize.sql", "insert into t values (1);\noptimize table nowhere, t;");
		try (TestDatabase database = server.create()) {
			database.execute("create table t (a int)");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(database)::migrate)
				.withMessageContaining("statement 2 of 2, line 3 of ")
				.withMessageContaining("nowhere failed: ")
				.withMessageContaining("doesn't exist");
			assertThat(database.versions()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void thatIsKilledFailsTheMigration(TestServer server) {
		new MigrationFolder(this.path).add("1_optimize.sql", "optimize table t;");
		try (TestDatabase database = server.create()) {
			database.execute("create table t (a int primary key auto_increment, b varchar(200))",
					"insert into t (b) values (repeat('x', 200)), (repeat('x', 200))");
			for (int i = 0; i < 17; i++) {
				database.execute("insert into t (b) select b from t");
			}
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator(database)::migrate);
			Awaitility.await().until(() -> run.isDone() || kill(database));
			assertThatExceptionOfType(CompletionException.class).isThrownBy(run::join)
				.havingCause()
				.isInstanceOf(MigrationFailedException.class)
				.withMessageContaining("statement 1 of 1, line 2 of ");
			assertThat(database.versions()).isEmpty();
		}
	}

	private static boolean kill(TestDatabase database) {
		return database.jdbc()
			.queryForList("select id from information_schema.processlist where info like 'optimize table%'", Long.class)
			.stream()
			.peek((id) -> database.execute("kill query " + id))
			.findFirst()
			.isPresent();
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void thatSucceedsIsApplied(TestServer server) {
		new MigrationFolder(this.path).add("1_all.sql",
				"analyze table t;\noptimize table t;\ncheck table t;\nselect 'a' as `Table`, 'error' as Msg_type;");
		try (TestDatabase database = server.create()) {
			database.execute("create table t (a int)");
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
		}
	}

}
