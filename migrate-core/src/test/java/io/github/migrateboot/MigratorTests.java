package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ChangedMigrationException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.OutOfOrderMigrationException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.StatusPublisher;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a run does, on every server.
 */
@ExtendWith(OutputCaptureExtension.class)
class MigratorTests {

	private static final String HALF = "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\n"
			+ "CREATE TABLE t (b integer);\nINSERT INTO t VALUES (2);";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, ChecksumPolicy.WARN, false, null);
	}

	private Migrator migrator(TestDatabase database, ChecksumPolicy checksum, boolean strict,
			@Nullable String baseline) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("tests"))
			.withStrict(strict)
			.withChecksum(checksum)
			.withBaseline(baseline);
		return new Migrator(folder().source(), database.connections(), settings);
	}

	private static List<String> versions(TestDatabase database) {
		return database.versions();
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

	@ParameterizedTest
	@EnumSource
	void appliesWhatIsPendingInOrderAndRecordsIt(TestServer server) {
		folder().add("2_rows.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);")
			.add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("3_more.sql", "INSERT INTO t VALUES (3);\nCREATE TABLE u (a integer);");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.PENDING);
			MigrationReport report = migrator.migrate();
			assertThat(report.applied()).containsExactly("1", "2", "3");
			assertThat(report.alreadyApplied()).isZero();
			assertThat(versions(database)).containsExactly("1", "2", "3");
			assertThat(rows(database)).containsExactly(1, 2, 3);
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.DONE);
			assertThat(migrator.migrations()).allSatisfy((migration) -> {
				assertThat(migration.state()).isEqualTo(State.APPLIED);
				assertThat(migration.appliedAt()).isBetween(StatusPublisher.now().minusSeconds(60),
						StatusPublisher.now().plusSeconds(5));
				assertThat(migration.duration()).isNotNull();
				assertThat(migration.instance()).contains("(tests)");
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void secondRunDoesNothing(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			MigrationReport report = migrator(database).migrate();
			assertThat(report.applied()).isEmpty();
			assertThat(report.alreadyApplied()).isEqualTo(1);
			assertThat(output).contains("Nothing to migrate: 1 migrations are applied");
		}
	}

	@ParameterizedTest
	@EnumSource
	void usesTheTableThatDbmateMade(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			database.execute(
					"create table " + database.quoted("schema_migrations") + " (version varchar(128) primary key)",
					"insert into " + database.quoted("schema_migrations") + " (version) values ('1')",
					"create table t (a integer)");
			assertThat(migrator(database).migrate().applied()).containsExactly("2");
			assertThat(versions(database)).containsExactly("1", "2");
			assertThat(rows(database)).containsExactly(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void nothingPendingNeedsNoJournal(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			database.execute(
					"create table " + database.quoted("schema_migrations") + " (version varchar(128) primary key)",
					"insert into " + database.quoted("schema_migrations") + " (version) values ('1')");
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(1);
			try (var connection = database.connect();
					var tables = connection.getMetaData().getTables(null, null, "schema_migrations_journal", null)) {
				assertThat(tables.next()).isFalse();
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void failureNamesStatementLineAndWhatRemains(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_bad.sql", "INSERT INTO t VALUES (1);\n\nINSERT INTO nowhere VALUES (1);\n")
			.add("3_later.sql", "INSERT INTO t VALUES (3);");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription())
						.contains("Migration 2_bad.sql failed at statement 2 of 2, line 4 of ")
						.contains("Statement: INSERT INTO nowhere VALUES (1)")
						.containsIgnoringCase("nowhere")
						.containsAnyOf("nothing of it has taken effect", "Nothing of the migration has taken effect")
						.contains("recorded: 1;")
						.contains("not applied: this one and 1 after it.");
					assertThat(failure.getAction()).contains("Fix line 4")
						.contains("runs the migration from its first statement");
				});
			assertThat(versions(database)).containsExactly("1");
			assertThat(rows(database)).isEmpty();
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.FAILED);
			assertThat(migrator.migrations()).extracting(MigrationInfo::state)
				.containsExactly(State.APPLIED, State.FAILED, State.PENDING);
			assertThat(migrator.migrations().get(1).error()).containsIgnoringCase("nowhere");
			folder().add("2_bad.sql", "INSERT INTO t VALUES (1);\n\nINSERT INTO t VALUES (2);\n");
			assertThat(migrator(database).migrate().applied()).containsExactly("2", "3");
			assertThat(rows(database)).containsExactly(1, 2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "H2" })
	void goesOnWhereItFailedAfterDdlThatCommits(TestServer server) {
		folder().add("1_half.sql", HALF);
		try (TestDatabase database = server.create()) {
			assertGoesOn(database);
		}
	}

	@ParameterizedTest
	@EnumSource
	void goesOnWhereItFailedWithoutTransaction(TestServer server) {
		folder().addWithoutTransaction("1_half.sql", HALF);
		try (TestDatabase database = server.create()) {
			assertGoesOn(database);
		}
	}

	private void assertGoesOn(TestDatabase database) {
		for (int start = 1; start <= 2; start++) {
			assertThatExceptionOfType(MigrationFailedException.class).as("start %d", start)
				.isThrownBy(migrator(database)::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("statement 3 of 4, line 4")
						.contains("Statements 1 to 2 have taken effect and stay; the others have not.");
					assertThat(failure.getAction()).contains("Fix line 4 of the file")
						.contains("leave statements 1 to 2 as they are")
						.contains("goes on at statement 3");
				});
			assertThat(rows(database)).containsExactly(1);
			assertThat(versions(database)).isEmpty();
		}
		folder().addWithoutTransaction("1_half.sql", HALF.replace("CREATE TABLE t (b", "CREATE TABLE u (b"));
		assertThat(migrator(database).migrate().applied()).containsExactly("1");
		assertThat(rows(database)).containsExactly(1, 2);
		assertThat(versions(database)).containsExactly("1");
	}

	@ParameterizedTest
	@EnumSource
	void severalSectionsAreOneMigration(TestServer server) {
		folder().addRaw("1_sections.sql", """
				-- migrate:up
				CREATE TABLE t (a integer);
				-- migrate:down
				DROP TABLE t;
				-- migrate:up transaction:false
				INSERT INTO t VALUES (1);
				-- migrate:down
				-- migrate:up
				INSERT INTO t VALUES (2);
				-- migrate:down
				""");
		try (TestDatabase database = server.create()) {
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
			assertThat(rows(database)).containsExactly(1, 2);
			assertThat(versions(database)).containsExactly("1");
		}
	}

	@ParameterizedTest
	@EnumSource
	void emptyMigrationIsRecorded(TestServer server) {
		folder().addRaw("1_empty.sql", "-- migrate:up\n-- migrate:down\n")
			.addRaw("2_comment.sql", "-- migrate:up transaction:false\n-- nothing yet\n-- migrate:down\n");
		try (TestDatabase database = server.create()) {
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "2");
			assertThat(versions(database)).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource
	void transactionControlInTheFileIsRunWithoutOurTransaction(TestServer server, CapturedOutput output) {
		String begin = (server == TestServer.SQLITE || server.name().startsWith("POSTGRES")) ? "BEGIN"
				: (server == TestServer.H2) ? "BEGIN TRANSACTION" : "START TRANSACTION";
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_commit.sql", begin + ";\nINSERT INTO t VALUES (1);\nCOMMIT;\nINSERT INTO nowhere VALUES (2);");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(database)::migrate)
				.satisfies((failure) -> assertThat(failure.getDescription())
					.contains("Statements 1 to 3 have taken effect and stay"));
			assertThat(output).contains("2_commit.sql begins or ends transactions by itself");
			assertThat(versions(database)).containsExactly("1");
			assertThat(rows(database)).containsExactly(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void malformedFileStopsBeforeAnythingIsChanged(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").addRaw("2_bad.sql", "SELECT 1;\n-- migrate:up\n");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrator(database)::migrate)
				.withMessageContaining("2_bad.sql");
			try (var connection = database.connect();
					var tables = connection.getMetaData().getTables(null, null, "schema_migrations%", null)) {
				assertThat(tables.next()).isFalse();
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void baselineRecordsWithoutRunning(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_broken.sql", "this is not SQL;")
			.add("3_row.sql", "INSERT INTO t VALUES (3);");
		try (TestDatabase database = server.create()) {
			database.execute("create table t (a integer)");
			MigrationReport report = migrator(database, ChecksumPolicy.WARN, false, "2").migrate();
			assertThat(report.baselined()).containsExactly("1", "2");
			assertThat(report.applied()).containsExactly("3");
			assertThat(versions(database)).containsExactly("1", "2", "3");
			assertThat(rows(database)).containsExactly(3);
			folder().add("4_row.sql", "INSERT INTO t VALUES (4);");
			report = migrator(database, ChecksumPolicy.WARN, false, "4").migrate();
			assertThat(report.baselined()).as("a database with history").isEmpty();
			assertThat(rows(database)).containsExactly(3, 4);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "SQLITE" })
	void unknownBaselineIsRefused(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(migrator(database, ChecksumPolicy.WARN, false, "01")::migrate)
				.withMessageContaining("migrate.baseline is 01, but no migration file has that version");
			assertThat(versions(database)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void lateFileIsAppliedUnlessStrict(TestServer server) {
		folder().add("2_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			folder().add("1_late.sql", "INSERT INTO t VALUES (1);").add("3_next.sql", "INSERT INTO t VALUES (3);");
			assertThatExceptionOfType(OutOfOrderMigrationException.class)
				.isThrownBy(migrator(database, ChecksumPolicy.WARN, true, null)::migrate)
				.withMessageContaining("1_late.sql is pending although 2");
			assertThat(rows(database)).isEmpty();
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "3");
		}
	}

	@ParameterizedTest
	@EnumSource
	void changedFileIsReported(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_same.sql", "INSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			folder().addRaw("2_same.sql", "-- migrate:up\r\nINSERT INTO t VALUES (2);\r\n\r\n-- migrate:down\r\n");
			migrator(database, ChecksumPolicy.FAIL, false, null).migrate();
			assertThat(output).doesNotContain("Changed after being applied");
			folder().add("1_table.sql", "CREATE TABLE t (a bigint);").add("3_row.sql", "INSERT INTO t VALUES (3);");
			assertThatExceptionOfType(ChangedMigrationException.class)
				.isThrownBy(migrator(database, ChecksumPolicy.FAIL, false, null)::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("1_table.sql").doesNotContain("2_same.sql");
					assertThat(failure.getAction()).contains("migrate.checksum");
				});
			assertThat(rows(database)).containsExactly(2);
			migrator(database, ChecksumPolicy.IGNORE, false, null).migrate();
			assertThat(output).doesNotContain("Changed after being applied");
			migrator(database).migrate();
			await().untilAsserted(
					() -> assertThat(output).contains("Changed after being applied").contains("1_table.sql"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void databaseThatIsAheadIsFine(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			folder().remove("2_row.sql");
			Migrator older = migrator(database);
			older.migrate();
			assertThat(older.status().state()).isEqualTo(MigratorStatus.State.DONE);
			assertThat(older.migrations()).extracting(MigrationInfo::state)
				.containsExactlyInAnyOrder(State.MISSING, State.APPLIED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void fileOfFiveThousandStatements(TestServer server) {
		StringBuilder sql = new StringBuilder("CREATE TABLE t (a integer);\n");
		IntStream.rangeClosed(1, 5000).forEach((number) -> sql.append("INSERT INTO t VALUES (" + number + ");\n"));
		folder().add("1_many.sql", sql.toString());
		try (TestDatabase database = server.create()) {
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
			assertThat(database.jdbc().queryForObject("SELECT count(*) FROM t", Integer.class)).isEqualTo(5000);
		}
	}

	@ParameterizedTest
	@EnumSource
	void fileOfTenMegabytes(TestServer server) {
		String row = "'" + "x".repeat(10_000) + "'";
		StringBuilder sql = new StringBuilder("CREATE TABLE big (a text);\n");
		IntStream.range(0, 1000).forEach((number) -> sql.append("INSERT INTO big VALUES (" + row + ");\n"));
		folder().add("1_big.sql",
				(server == TestServer.H2) ? sql.toString().replace("a text", "a varchar") : sql.toString());
		try (TestDatabase database = server.create()) {
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
			assertThat(database.jdbc().queryForObject("SELECT count(*) FROM big", Integer.class)).isEqualTo(1000);
		}
	}

}
