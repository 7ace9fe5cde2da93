package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a transaction wrote into tables without transactions stays when it is rolled back,
 * so it is never written again unasked.
 */
class TablesWithoutTransactionsTests {

	private static final String SLEEP = "SELECT SLEEP(60);\n";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private void migrate(TestDatabase database, String... answers) {
		new Migrator(folder().source(), database.connections(), MigratorSettings.defaults(Instance.current("engines"))
			.withResolve(Stream.of(answers).map(Resolution::parse).toList())).migrate();
	}

	private TestDatabase create(TestServer server, String engine) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE m (a integer NOT NULL) ENGINE = " + engine, "CREATE TABLE i (a integer)",
				"CREATE TABLE `strange name` (a integer) ENGINE = MyISAM");
		return database;
	}

	private void killWhileSleeping(TestDatabase database) {
		CompletableFuture<Void> run = CompletableFuture.runAsync(() -> migrate(database));
		List<Long> sleepers = Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> database.jdbc()
				.queryForList("SELECT id FROM information_schema.processlist WHERE state = 'User sleep'"
						+ " AND db = DATABASE()", Long.class),
					(ids) -> !ids.isEmpty() || run.isDone());
		if (sleepers.isEmpty()) {
			run.join();
		}
		database.execute("KILL " + sleepers.get(0));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(run::join)
			.withCauseInstanceOf(MigrationFailedException.class);
	}

	private static List<Integer> rows(TestDatabase database, String table) {
		return database.jdbc().queryForList("SELECT a FROM " + table + " ORDER BY a", Integer.class);
	}

	static Stream<Arguments> files() {
		List<String> files = List.of("-- migrate:up\nINSERT INTO m VALUES (1);\nINSERT INTO i VALUES (1);\n" + SLEEP,
				"-- migrate:up\nINSERT INTO i VALUES (1);\nINSERT INTO m VALUES (1);\n" + SLEEP,
				"-- migrate:up\nCREATE TABLE c (a integer);\nINSERT INTO i VALUES (1);\nINSERT INTO m VALUES (1);\n"
						+ SLEEP,
				"-- migrate:up\nINSERT INTO `m` (a) VALUES (1);\n" + SLEEP,
				"-- migrate:up\nINSERT INTO i VALUES (1);\nSET @x = ROW_COUNT();\nINSERT INTO m VALUES (@x);\n" + SLEEP,
				"-- migrate:up transaction:false\nSTART TRANSACTION;\nINSERT INTO m VALUES (1);\nINSERT INTO i VALUES (1);\n"
						+ SLEEP + "COMMIT;\n",
				"-- migrate:up transaction:false\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSTART TRANSACTION;\n"
						+ "INSERT INTO i VALUES (1);\nINSERT INTO m VALUES (1);\n" + SLEEP + "COMMIT;\n",
				"-- migrate:up transaction:false\nSET autocommit = 0;\nINSERT INTO m VALUES (1);\n" + SLEEP
						+ "COMMIT;\n",
				"-- migrate:up transaction:false\nSET autocommit = 0;\nINSERT INTO i VALUES (9);\nCOMMIT;\n"
						+ "INSERT INTO m VALUES (1);\n" + SLEEP + "COMMIT;\n");
		return Stream.of(TestServer.MARIADB, TestServer.MYSQL)
			.flatMap((server) -> files.stream()
				// MySQL with GTIDs lets such a table only be the first of a transaction.
				.filter((file) -> server == TestServer.MARIADB
						|| !file.contains("INSERT INTO i VALUES (1);\nINSERT") && !file.contains("@x"))
				.map((file) -> Arguments.of(server, file)));
	}

	@ParameterizedTest
	@MethodSource("files")
	void whatStaysIsNotWrittenAgainUnasked(TestServer server, String file) {
		folder().addRaw("1_a.sql", file + "-- migrate:down\n");
		try (TestDatabase database = create(server, "MyISAM")) {
			killWhileSleeping(database);
			folder().addRaw("1_a.sql", file.replace("SLEEP(60)", "SLEEP(0)") + "-- migrate:down\n");
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database))
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("whether it has taken effect is not known");
					assertThat(failure.getAction()).contains("tables without transactions");
				});
			assertThat(rows(database, "m")).containsExactly(1);
			assertThat(rows(database, "i")).doesNotContain(1);
			assertThat(database.versions()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void answersAreAboutTheWholeTransaction(TestServer server) {
		String file = "INSERT INTO m VALUES (1);\nINSERT INTO i VALUES (1);\n" + SLEEP + "INSERT INTO i VALUES (2);\n"
				+ "CREATE TABLE c (a integer);\nINSERT INTO i VALUES (3);";
		folder().add("1_a.sql", file);
		try (TestDatabase database = create(server, "MEMORY")) {
			killWhileSleeping(database);
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("Statements 1 to 4, which count as one (line 2 today)");
			database.execute("DELETE FROM m");
			folder().add("1_a.sql", file.replace("SLEEP(60)", "SLEEP(0)"));
			migrate(database, "1:1=retry");
			assertThat(rows(database, "i")).containsExactly(1, 2, 3);
			assertThat(rows(database, "m")).containsExactly(1);
		}
		try (TestDatabase database = create(server, "MEMORY")) {
			folder().add("1_a.sql", file);
			killWhileSleeping(database);
			database.execute("INSERT INTO i VALUES (1), (2)");
			migrate(database, "1:1=skip");
			assertThat(rows(database, "i")).containsExactly(1, 2, 3);
			assertThat(rows(database, "m")).containsExactly(1);
		}
	}

	static Stream<Arguments> hidden() {
		return Stream.of(TestServer.MARIADB, TestServer.MYSQL)
			.flatMap((server) -> Stream.of(
					(server == TestServer.MYSQL)
							? Arguments.of(server, "CREATE TABLE n (a integer)", "INSERT INTO m VALUES (1);\n" + SLEEP)
							: Arguments.of(server,
									"CREATE TRIGGER x AFTER INSERT ON i FOR EACH ROW INSERT INTO m VALUES (NEW.a)",
									"INSERT INTO i VALUES (1);\n" + SLEEP),
					Arguments.of(server, "CREATE VIEW v AS SELECT a FROM m", "INSERT INTO v VALUES (1);\n" + SLEEP),
					Arguments.of(server, "CREATE TABLE n (a integer)",
							"CREATE TABLE created (a integer) ENGINE = MyISAM;\nINSERT INTO m VALUES (1);\n" + SLEEP)));
	}

	@ParameterizedTest
	@MethodSource("hidden")
	void tablesThatAreWrittenInOtherWaysCountToo(TestServer server, String setup, String file) {
		folder().add("1_a.sql", file);
		try (TestDatabase database = create(server, "MyISAM")) {
			database.execute(setup);
			killWhileSleeping(database);
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database));
			assertThat(rows(database, "m")).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void tableThatTheFileCreatesCountsToo(TestServer server) {
		folder().add("1_a.sql", "CREATE TABLE created (a integer) ENGINE = MyISAM;\nINSERT INTO created VALUES (1);\n"
				+ "INSERT INTO i VALUES (1);\n" + SLEEP);
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE i (a integer)");
			killWhileSleeping(database);
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("Statements 2 to 4");
			assertThat(rows(database, "created")).containsExactly(1);
		}
	}

	/**
	 * Where only tables with transactions are written to, nothing is asked.
	 */
	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void othersAreWrittenAgain(TestServer server) {
		folder().add("1_a.sql", "INSERT INTO i VALUES (1);\n" + SLEEP);
		try (TestDatabase database = create(server, "MyISAM")) {
			killWhileSleeping(database);
			folder().add("1_a.sql", "INSERT INTO i VALUES (1);\n");
			migrate(database);
			assertThat(rows(database, "i")).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void failureSaysWhatMayHaveStayed(TestServer server) {
		String file = "INSERT INTO m VALUES (1), (2);\nINSERT INTO i VALUES (1);\nINSERT INTO i VALUES ('x');\n";
		folder().add("1_a.sql", file);
		try (TestDatabase database = create(server, "MyISAM")) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("Nothing of the migration has taken effect, but a part of statements 1 to 3 may")
				.satisfies((failure) -> assertThat(failure.getAction()).contains("1:1=retry", "1:1=skip"));
			assertThat(rows(database, "m")).containsExactly(1, 2);
			assertThat(rows(database, "i")).isEmpty();
			folder().add("1_a.sql", file.replace("'x'", "2"));
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database));
			database.execute("DELETE FROM m");
			migrate(database, "1:1=retry");
			assertThat(rows(database, "m")).containsExactly(1, 2);
			assertThat(rows(database, "i")).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void statementThatFailedHalfWayIsNotRepeatedUnasked(TestServer server) {
		folder().addWithoutTransaction("1_a.sql", "INSERT INTO m VALUES (1);\nINSERT INTO m VALUES (2), (NULL), (3);");
		try (TestDatabase database = create(server, "MyISAM")) {
			database.execute("ALTER TABLE m ADD UNIQUE (a)");
			folder().addWithoutTransaction("1_a.sql", "INSERT INTO m VALUES (1);\nINSERT INTO m VALUES (2), (1), (3);");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("a part of statement 2 may have");
			assertThat(rows(database, "m")).containsExactly(1, 2);
			assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database));
		}
	}

	/**
	 * What is refused for what it says has done nothing.
	 */
	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void statementThatWasNotUnderstoodIsRepeated(TestServer server) {
		folder().add("1_a.sql", "INSERT INTO m VALUSE (1);\nINSERT INTO i VALUES (1);");
		try (TestDatabase database = create(server, "MyISAM")) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
				.withMessageContaining("Nothing of the migration has taken effect. ");
			folder().add("1_a.sql", "INSERT INTO m VALUES (1);\nINSERT INTO i VALUES (1);");
			migrate(database);
			assertThat(rows(database, "m")).containsExactly(1);
			assertThat(rows(database, "i")).containsExactly(1);
		}
	}

}
