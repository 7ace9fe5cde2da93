package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * What a start makes of {@code CREATE INDEX CONCURRENTLY} that failed or was cut off.
 */
class ConcurrentIndexResumeTests {

	private static final String BUILD = "CREATE UNIQUE INDEX CONCURRENTLY \"T i\" ON t (a);\n";

	private static final String BUILD_LENIENT = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"T i\" ON t (a);\n";

	/** Of a start that only has to look. */
	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final String COUNT = "INSERT INTO log VALUES (1);\n";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, String... answers) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("index"))
			.withResolve(Stream.of(answers).map(Resolution::parse).toList());
		return new Migrator(folder().source(), database.connections(), settings).migrate();
	}

	private void assertStops(TestDatabase database, String text, String... answers) {
		assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrate(database, answers))
			.withMessageContaining(text);
	}

	private void assertFails(TestDatabase database, String... texts) {
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(database))
			.satisfies((failure) -> assertThat(failure.getMessage()).contains(texts));
	}

	private TestDatabase create(TestServer server, String values) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE t (a integer)", "INSERT INTO t VALUES " + values,
				"CREATE TABLE log (a integer)");
		return database;
	}

	private TestDatabase withDuplicates() {
		return create(TestServer.POSTGRES_EMBEDDED, "(1), (1), (2)");
	}

	private static @Nullable Boolean valid(TestDatabase database, String index) {
		List<Boolean> valid = database.jdbc()
			.queryForList("SELECT x.indisvalid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid"
					+ " WHERE c.relname = ?", Boolean.class, index);
		return valid.isEmpty() ? null : valid.get(0);
	}

	private static long oid(TestDatabase database) {
		Long oid = database.jdbc().queryForObject("SELECT '\"T i\"'::regclass::oid::bigint", Long.class);
		return (oid != null) ? oid : 0;
	}

	private static int logged(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM log").size();
	}

	/** As if the process had been killed while the index was being built. */
	private static void cutOff(TestDatabase database, String building) {
		database.execute("DELETE FROM schema_migrations",
				"UPDATE schema_migrations_journal SET state = 'running', statements_done = 1, statement = 2, building = "
						+ building);
	}

	@ParameterizedTest
	@ValueSource(strings = { BUILD, BUILD_LENIENT })
	void indexThatFailedIsRemovedAndBuiltAgain(String build) {
		folder().addWithoutTransaction("1_index.sql", COUNT + build);
		try (TestDatabase database = withDuplicates()) {
			assertFails(database, "statement 2 of 2", "If the index public.\"T i\" was left behind INVALID");
			assertThat(valid(database, "T i")).isFalse();
			assertFails(database, "statement 2 of 2", "could not create unique index");
			database.execute("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
			migrate(database);
			assertThat(valid(database, "T i")).isTrue();
			assertThat(logged(database)).isEqualTo(1);
		}
	}

	@Test
	void onlyStatementOfItsFileIsNoException() {
		folder().addWithoutTransaction("1_index.sql", BUILD_LENIENT);
		try (TestDatabase database = withDuplicates()) {
			assertFails(database, "statement 1 of 1");
			database.execute("TRUNCATE t");
			migrate(database);
			assertThat(valid(database, "T i")).isTrue();
		}
	}

	@Test
	void fixedFileMayRemoveWhatStoodInTheWay() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD_LENIENT);
		try (TestDatabase database = withDuplicates()) {
			assertFails(database, "statement 2 of 2");
			folder().addWithoutTransaction("1_index.sql",
					COUNT + "DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t);\nINSERT INTO nowhere VALUES (1);\n"
							+ BUILD_LENIENT);
			assertFails(database, "statement 3 of 4");
			assertThat(valid(database, "T i")).as("removed before the file went on").isNull();
			folder().addWithoutTransaction("1_index.sql",
					COUNT + "DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t);\n" + BUILD_LENIENT);
			migrate(database);
			assertThat(valid(database, "T i")).isTrue();
		}
	}

	@Test
	void indexThatTheFixedFileDoesWithoutIsRemoved() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD);
		try (TestDatabase database = withDuplicates()) {
			assertFails(database, "statement 2 of 2");
			folder().add("1_index.sql", COUNT);
			migrate(database);
			assertThat(valid(database, "T i")).isNull();
			assertThat(logged(database)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void indexWhoseBuilderWasKilledIsBuiltAgain(TestServer server) throws SQLException {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD + COUNT);
		try (TestDatabase database = create(server, "(1), (2)")) {
			try (Connection writer = database.connect(); Statement write = writer.createStatement()) {
				writer.setAutoCommit(false);
				write.execute("INSERT INTO t VALUES (3)");
				try (ChildJvm child = MigrateProcess.start(database, folder(), "killed")) {
					await(() -> Boolean.FALSE.equals(valid(database, "T i")));
					child.kill();
				}
				await(() -> database.jdbc().queryForList("SELECT pid FROM pg_stat_progress_create_index").isEmpty());
				writer.commit();
			}
			assertThat(valid(database, "T i")).isFalse();
			assertThat(migrate(database).applied()).containsExactly("1");
			assertThat(valid(database, "T i")).isTrue();
			assertThat(logged(database)).isEqualTo(2);
		}
	}

	@Test
	void indexThatIsStillBeingBuiltIsLeftAlone() throws SQLException {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED, "(1)")) {
			migrate(database);
			database.execute("DROP INDEX \"T i\"");
			cutOff(database, "'public.\"T i\"'");
			CompletableFuture<Void> builder;
			try (Connection writer = database.connect(); Statement write = writer.createStatement()) {
				writer.setAutoCommit(false);
				write.execute("INSERT INTO t VALUES (3)");
				builder = CompletableFuture.runAsync(() -> database.execute(BUILD));
				await(() -> Boolean.FALSE.equals(valid(database, "T i")));
				assertTimeoutPreemptively(LIMIT,
						() -> assertStops(database, "The index public.\"T i\" that it began is still being built"),
						"The start waits for the session that builds the index, instead of saying so");
				writer.commit();
			}
			builder.join();
			long oid = oid(database);
			migrate(database);
			assertThat(oid(database)).isEqualTo(oid);
		}
	}

	@Test
	void wholeIndexIsNotBuiltAgain() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD + COUNT);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED, "(1)")) {
			migrate(database);
			long oid = oid(database);
			cutOff(database, "'public.\"T i\"'");
			migrate(database);
			assertThat(oid(database)).isEqualTo(oid);
			assertThat(logged(database)).isEqualTo(3);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void indexThatIsNotThereIsBuilt() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD + COUNT);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED, "(1)")) {
			migrate(database);
			database.execute("DROP INDEX \"T i\"");
			cutOff(database, "'public.\"T i\"'");
			migrate(database);
			assertThat(valid(database, "T i")).isTrue();
			assertThat(logged(database)).isEqualTo(3);
		}
	}

	@Test
	void indexWithoutANameIsAskedFor() {
		folder().addWithoutTransaction("1_index.sql", COUNT + "CREATE UNIQUE INDEX CONCURRENTLY ON t (a);");
		try (TestDatabase database = withDuplicates()) {
			assertFails(database, "a part of statement 2 may have (an INVALID index)", "1:2=retry");
			database.execute("TRUNCATE t");
			assertStops(database, "Statement 2 (line 3 today)");
			database.execute("DROP INDEX t_a_idx");
			migrate(database, "1:2=retry");
			assertThat(valid(database, "t_a_idx")).isTrue();
			assertThat(valid(database, "t_a_idx1")).isNull();
		}
	}

	@Test
	void indexOfAPartitionedTableIsAskedFor() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD);
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED, "(1)")) {
			migrate(database);
			database.execute("DROP INDEX \"T i\"", "CREATE TABLE p (a integer) PARTITION BY RANGE (a)",
					"CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2)", "CREATE INDEX \"T i\" ON ONLY p (a)");
			cutOff(database, "'public.\"T i\"'");
			assertStops(database, "Statement 2 (line 3 today)");
			assertThat(valid(database, "T i")).isFalse();
		}
	}

	@Test
	void invalidIndexOfSomebodyElseIsNeitherRemovedNorTakenForWhole() {
		folder().addWithoutTransaction("1_index.sql", COUNT + BUILD_LENIENT);
		try (TestDatabase database = withDuplicates()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.execute(BUILD));
			long oid = oid(database);
			for (int start = 1; start <= 2; start++) {
				assertFails(database, "statement 2 of 2", "is there, but INVALID", "REINDEX INDEX CONCURRENTLY");
				assertThat(oid(database)).isEqualTo(oid);
			}
			database.execute("TRUNCATE t", "REINDEX INDEX CONCURRENTLY \"T i\"");
			migrate(database);
			assertThat(database.versions()).containsExactly("1");
			assertThat(logged(database)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			create index concurrently i on app.t (a)                               | app.i
			CREATE /* c */ UNIQUE INDEX CONCURRENTLY-- x@ IF NOT EXISTS I ON T(a)  | public.i
			create index concurrently "I "" 1"on only "app" . "t" using btree (a)  | app."I "" 1"
			create index concurrently on t (a)                                     | ?
			create index concurrently if not exists "on" on t (a)                  | public."on"
			create index concurrently taken on t (a)                               |
			create index concurrently i on missing (a)                             |
			create index i on t (a)                                                |
			insert into t values ('create index concurrently i on t (a)')          |
			""")
	void knowsWhatAStatementBuilds(String statement, @Nullable String index) throws SQLException {
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED, "(1)");
				Connection connection = database.connect()) {
			database.execute("CREATE SCHEMA app", "CREATE TABLE app.t (a integer)", "CREATE TABLE taken (a integer)");
			ConcurrentIndexes indexes = Databases.detect(connection).inspection().concurrentIndexes();
			assertThat(indexes).isNotNull();
			assertThat(indexes.begin(connection, statement.replace("@", "\n"))).isEqualTo(index);
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(condition);
	}

}
