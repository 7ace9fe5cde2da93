package io.github.migrateboot;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.ThrottlingProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A statement that ends its session is told as what has failed, whatever SQLSTATE the
 * server gives it.
 */
class LostSessionTests {

	@TempDir
	private Path path;

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("lost")));
	}

	static Stream<Arguments> endings() {
		String limit = "set local transaction_timeout = '1s';\n";
		return Stream.of(Arguments.of(limit + "select pg_sleep(3);", "25P04"),
				Arguments.of(limit + "do $$ begin perform pg_sleep(3); end $$;", "25P04"),
				Arguments.of(limit + "update t set a = 2 where pg_sleep(3) is not null;", "25P04"),
				Arguments.of("select 1;\nselect pg_terminate_backend(pg_backend_pid());", "57P01"),
				Arguments.of("select 1;\ninsert into t select 1 where pg_terminate_backend(pg_backend_pid());",
						"57P01"),
				Arguments.of("select 1;\ndo $$ begin perform pg_terminate_backend(pg_backend_pid()); end $$;",
						"57P01"));
	}

	@ParameterizedTest
	@MethodSource("endings")
	void isToldWithItsStatement(String sql, String state) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql", sql + "\ncreate table u (a int);");
		try (TestDatabase database = TestServer.POSTGRES.create()) {
			database.execute("create table t (a int)", "insert into t values (1)");
			for (int times = 0; times < 2; times++) {
				assertThatExceptionOfType(MigrationFailedException.class)
					.isThrownBy(migrator(folder, database)::migrate)
					.withMessageContaining("statement 2 of 3, line 3 of ")
					.withMessageContaining(state)
					.withMessageContaining("nothing of it has taken effect");
				assertThat(database.versions()).isEmpty();
			}
			assertThat(database.jdbc().queryForList("select a from t", Integer.class)).containsExactly(1);
			folder.addRaw("1.sql", "-- migrate:up\ncreate table u (a int);\n-- migrate:down\n");
			assertThat(migrator(folder, database).migrate().applied()).containsExactly("1");
		}
	}

	@Test
	void isToldInARollback() {
		MigrationFolder folder = new MigrationFolder(this.path).addRaw("1.sql",
				"-- migrate:up\n-- migrate:down\nset local transaction_timeout = '1s';\nselect pg_sleep(3);\n");
		try (TestDatabase database = TestServer.POSTGRES.create()) {
			Migrator migrator = migrator(folder, database);
			migrator.migrate();
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::rollBack)
				.withMessageContaining("statement 2 of 2, line 4 of ")
				.withMessageContaining("25P04");
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void isToldOutsideATransaction() {
		MigrationFolder folder = new MigrationFolder(this.path).addWithoutTransaction("1.sql",
				"create table u (a int);\nset transaction_timeout = '1s';\nselect pg_sleep(3);");
		try (TestDatabase database = TestServer.POSTGRES.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(folder, database)::migrate)
				.withMessageContaining("statement 3 of 3, line 4 of ")
				.withMessageContaining("25P04")
				.withMessageContaining("whether the statement took effect is not known");
		}
	}

	@Test
	void isToldBehindAPooler() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"create table u (a int);\nselect pg_terminate_backend(pg_backend_pid());");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(migrator(folder, pgBouncer.through(database))::migrate)
				.withMessageContaining("statement 2 of 2, line 3 of ")
				.withMessageContaining("57P01");
			assertThat(database.versions()).isEmpty();
		}
	}

	/**
	 * While the second statement is on its way, the session is idle in its transaction.
	 */
	@Test
	void isToldIfTheSessionEndsWhileAStatementIsBeingSent() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"create table t (a text);\nset idle_in_transaction_session_timeout = '1s';\ninsert into t values ('"
						+ "x".repeat(2_000_000) + "');");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				ThrottlingProxy link = ThrottlingProxy.to(database.url(), 400_000)) {
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(migrator(folder, link.through(database))::migrate)
				.withMessageContaining("statement 3 of 3, line 4 of ")
				.withMessageContaining("nothing of it has taken effect");
			assertThat(database.versions()).isEmpty();
		}
	}

}
