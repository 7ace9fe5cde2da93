package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.RollbackRefusedException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
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
 * Rolling back, on every server.
 */
@ExtendWith(OutputCaptureExtension.class)
class RollbackTests {

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationFolder add(String name, String up, String down) {
		return folder().addRaw(name, "-- migrate:up\n" + up + "\n-- migrate:down\n" + down + "\n");
	}

	private MigrationFolder addWithoutTransaction(String name, String up, String down) {
		return folder().addRaw(name,
				"-- migrate:up transaction:false\n" + up + "\n-- migrate:down transaction:false\n" + down + "\n");
	}

	private Migrator migrator(TestDatabase database, Resolution... answers) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")).withResolve(List.of(answers)));
	}

	private static boolean hasTable(TestDatabase database, String name) {
		try (Connection connection = database.connect();
				ResultSet tables = connection.getMetaData()
					.getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
			while (tables.next()) {
				if (tables.getString("TABLE_NAME").equalsIgnoreCase(name)) {
					return true;
				}
			}
			return false;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Object> journal(TestDatabase database, String version) {
		return database.jdbc()
			.queryForMap(
					"SELECT state, statements_done AS done, checksum, instance, duration_ms AS millis, finished_at AS"
							+ " finished FROM " + database.quoted("schema_migrations_journal") + " WHERE version = '"
							+ version + "'");
	}

	private static <T extends MigrationException> T failure(Class<T> type,
			org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		return assertThatExceptionOfType(type).isThrownBy(call).actual();
	}

	private void threeTables() {
		add("1_a.sql", "CREATE TABLE a (i integer);", "DROP TABLE a;");
		addWithoutTransaction("2_b.sql", "CREATE TABLE b (i integer);", "DELETE FROM b; DROP TABLE b;");
		add("3_c.sql", "CREATE TABLE c (i integer);", "DROP TABLE c;");
	}

	@ParameterizedTest
	@EnumSource
	void rollsTheLastOneBackAndTheNextRunAppliesItAgain(TestServer server, CapturedOutput output) {
		threeTables();
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			MigrationReport report = migrator.rollBack();
			assertThat(report.rolledBack()).containsExactly("3");
			assertThat(report.alreadyApplied()).isEqualTo(2);
			assertThat(database.versions()).containsExactly("1", "2");
			assertThat(hasTable(database, "c")).isFalse();
			assertThat(hasTable(database, "b")).isTrue();
			assertThat(journal(database, "3")).containsEntry("state", "reverted");
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.DONE);
			assertThat(migrator.status().pending()).isEqualTo(1);
			assertThat(migrator.migrations()).extracting(MigrationInfo::state)
				.containsExactly(State.APPLIED, State.APPLIED, State.PENDING);
			assertThat(output).contains("Rolled back 3_c.sql (migration 1 of 1) in");
			assertThat(migrator.migrate().applied()).containsExactly("3");
			assertThat(hasTable(database, "c")).isTrue();
			assertThat(journal(database, "3")).containsEntry("state", "applied");
		}
	}

	@ParameterizedTest
	@EnumSource
	void rollsBackDownToAVersion(TestServer server) {
		threeTables();
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			assertThat(migrator.rollBackTo("1").rolledBack()).containsExactly("3", "2");
			assertThat(database.versions()).containsExactly("1");
			assertThat(hasTable(database, "a")).isTrue();
			assertThat(hasTable(database, "b")).isFalse();
			assertThat(migrator.rollBackTo("1").rolledBack()).isEmpty();
			assertThat(migrator.rollBack().rolledBack()).containsExactly("1");
			assertThat(database.versions()).isEmpty();
			RollbackRefusedException refused = failure(RollbackRefusedException.class, migrator::rollBack);
			assertThat(refused.getDescription())
				.isEqualTo("None of the 3 migrations is applied. Nothing was rolled back.");
			assertThat(migrator.migrate().applied()).containsExactly("1", "2", "3");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "SQLITE" })
	void failureLeavesNothingWhereDdlIsTransactional(TestServer server) {
		add("1_a.sql", "CREATE TABLE a (i integer);", "INSERT INTO a VALUES (1);\nDROP TABLE a;\nDROP TABLE nowhere;");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			Map<String, Object> before = journal(database, "1");
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator::rollBack);
			assertThat(failure.getDescription())
				.contains("The rollback of 1_a.sql failed at statement 3 of 3, line 6 of ")
				.contains("Nothing of its down block has taken effect, and it counts as applied as before.")
				.contains("No migration was rolled back before it in this run; not rolled back: this one.");
			assertThat(failure.getAction()).isEqualTo("Fix line 6 of the file and roll back again.");
			assertThat(database.versions()).containsExactly("1");
			assertThat(database.jdbc().queryForObject("SELECT count(*) FROM a", Integer.class)).isZero();
			assertThat(journal(database, "1")).isEqualTo(before).containsEntry("state", "applied");
			assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.FAILED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void failureOfTheFirstStatementLeavesItApplied(TestServer server) {
		addWithoutTransaction("1_a.sql", "CREATE TABLE a (i integer);", "DROP TABLE nowhere;\nDROP TABLE a;");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database);
			migrator.migrate();
			Map<String, Object> before = journal(database, "1");
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator::rollBack);
			assertThat(failure.getDescription()).contains("Nothing of its down block has taken effect.");
			assertThat(failure.getAction()).contains("roll back again");
			assertThat(database.versions()).containsExactly("1");
			assertThat(journal(database, "1")).isEqualTo(before).containsEntry("state", "applied");
			assertThat(migrator(database).migrate().alreadyApplied()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void failureHalfWayStopsEveryStartAndGoesOnWhereItWas(TestServer server) {
		String down = "DROP TABLE a;\nDROP TABLE nowhere;\nDROP TABLE b;";
		addWithoutTransaction("1_ab.sql", "CREATE TABLE a (i integer);\nCREATE TABLE b (i integer);", down);
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			MigrationFailedException failure = failure(MigrationFailedException.class, migrator(database)::rollBack);
			assertThat(failure.getDescription()).contains("The rollback of 1_ab.sql failed at statement 2 of 3")
				.contains("Statements 1 to 1 of its down block have taken effect and stay; the others have not.");
			assertThat(failure.getAction()).contains("the next rollback goes on at statement 2.");
			assertHalf(database);
			HalfAppliedMigrationException half = failure(HalfAppliedMigrationException.class,
					migrator(database)::migrate);
			assertThat(half.getDescription()).contains("The rollback of 1_ab.sql was started at")
				.contains("statements 1 to 1 have taken effect, of 3.")
				.contains("Statement 2 failed: ");
			assertThat(half.getAction()).contains("roll back again there")
				.contains("Or do it by hand: complete its down block");
			assertHalf(database);
			addWithoutTransaction("1_ab.sql", "CREATE TABLE a (i integer);\nCREATE TABLE b (i integer);",
					down.replace("DROP TABLE a", "DROP TABLE A"));
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database)::rollBack).getDescription())
				.contains("Statement 1 (line 5 today) has changed since then");
			addWithoutTransaction("1_ab.sql", "CREATE TABLE a (i integer);\nCREATE TABLE b (i integer);",
					down.replace("TABLE nowhere", "TABLE IF EXISTS nowhere"));
			assertThat(migrator(database).rollBack().rolledBack()).containsExactly("1");
			assertThat(hasTable(database, "b")).isFalse();
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
		}
	}

	private static void assertHalf(TestDatabase database) {
		assertThat(database.versions()).isEmpty();
		assertThat(hasTable(database, "a")).isFalse();
		assertThat(hasTable(database, "b")).isTrue();
		assertThat(journal(database, "1")).containsEntry("state", "revert_failed").containsEntry("done", 1);
	}

	@ParameterizedTest
	@EnumSource
	void whatWasCutOffIsAskedForOnce(TestServer server) {
		addWithoutTransaction("1_a.sql", "CREATE TABLE a (i integer);\nCREATE TABLE b (i integer);",
				"DROP TABLE a;\nDROP TABLE b;");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			migrator(database).rollBack();
			// As if the process had been killed in the second statement.
			database.execute("CREATE TABLE b (i integer)", "UPDATE " + database.quoted("schema_migrations_journal")
					+ " SET state = 'reverting', statements_done = 1, statement = 2");
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database)::migrate).getDescription())
				.contains("The rollback of 1_a.sql was started at");
			HalfAppliedMigrationException unknown = failure(HalfAppliedMigrationException.class,
					migrator(database)::rollBack);
			assertThat(unknown.getDescription()).contains("Statement 2 (line 6 today)")
				.contains("was cut off, so whether it has taken effect is not known");
			assertThat(unknown.getAction()).contains("1:2=skip").contains("1:2=retry").contains("roll back again");
			Resolution answer = Resolution.parse("1:2=retry");
			assertThat(migrator(database, answer).rollBack().rolledBack()).containsExactly("1");
			assertThat(hasTable(database, "b")).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB", "H2" })
	void dataChangesAreOneTransaction(TestServer server) {
		add("1_a.sql", "CREATE TABLE a (i integer PRIMARY KEY);", "");
		add("2_rows.sql", "INSERT INTO a VALUES (1);", "UPDATE a SET i = 7;\nINSERT INTO a VALUES (7);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			failure(MigrationFailedException.class, migrator(database)::rollBack);
			assertThat(database.jdbc().queryForList("SELECT i FROM a", Integer.class)).containsExactly(1);
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource
	void emptyDownBlockRemovesTheRecordOnlyAndWarns(TestServer server, CapturedOutput output) {
		add("1_a.sql", "CREATE TABLE a (i integer);", "");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			assertThat(migrator(database).rollBack().rolledBack()).containsExactly("1");
			assertThat(database.versions()).isEmpty();
			assertThat(hasTable(database, "a")).isTrue();
			assertThat(output).contains("1_a.sql has an empty down block: only its record was removed");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void rollsBackUnderALease(TestServer server) {
		threeTables();
		try (TestDatabase database = server.create()) {
			Migrator migrator = new Migrator(folder().source(), database.connections(),
					MigratorSettings.defaults(Instance.current("tests"))
						.withLock(LockSettings.defaults().withStrategy(LockChoice.LEASE)));
			migrator.migrate();
			assertThat(migrator.rollBackTo("1").rolledBack()).containsExactly("3", "2");
			assertThat(database.versions()).containsExactly("1");
			assertThat(migrator.migrate().applied()).containsExactly("2", "3");
		}
	}

	@ParameterizedTest
	@EnumSource
	void rollsBackWhatDbmateApplied(TestServer server) {
		addWithoutTransaction("1_a.sql", "CREATE TABLE a (i integer);", "DROP TABLE a;");
		try (TestDatabase database = server.create()) {
			database.execute(
					"create table " + database.quoted("schema_migrations") + " (version varchar(128) primary key)",
					"insert into " + database.quoted("schema_migrations") + " (version) values ('1')",
					"create table a (i integer)");
			assertThat(migrator(database).rollBack().rolledBack()).containsExactly("1");
			assertThat(database.versions()).isEmpty();
			assertThat(hasTable(database, "a")).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES", "POSTGRES_EMBEDDED", "MYSQL", "MARIADB", "SQLITE" })
	void takesTurnsWithDbmate(TestServer server) {
		threeTables();
		try (TestDatabase database = server.create()) {
			Dbmate dbmate = Dbmate.on(database, folder());
			migrator(database).migrate();
			dbmate.succeed("rollback");
			assertThat(database.versions()).containsExactly("1", "2");
			assertThat(migrator(database).rollBack().rolledBack()).containsExactly("2");
			assertThat(hasTable(database, "b")).isFalse();
			dbmate.succeed("up");
			assertThat(database.versions()).containsExactly("1", "2", "3");
			assertThat(migrator(database).rollBackTo("1").rolledBack()).containsExactly("3", "2");
			dbmate.succeed("rollback");
			assertThat(database.versions()).isEmpty();
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "2", "3");
		}
	}

	@Test
	void sectionsAreUndoneFromTheLastToTheFirst() {
		folder().addRaw("1_two.sql", """
				-- migrate:up
				CREATE TABLE a (i integer PRIMARY KEY);
				-- migrate:down
				DROP TABLE a;
				-- migrate:up
				INSERT INTO a VALUES (1);
				-- migrate:down
				DELETE FROM a;
				""");
		for (TestServer server : List.of(TestServer.POSTGRES_EMBEDDED, TestServer.H2)) {
			try (TestDatabase database = server.create()) {
				migrator(database).migrate();
				assertThat(migrator(database).rollBack().rolledBack()).containsExactly("1");
				assertThat(hasTable(database, "a")).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void rollsBackTheNamedMigrationOnceHoweverOftenItIsAskedTo(TestServer server) {
		threeTables();
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			assertThat(migrator(database).rollBack("3").rolledBack()).containsExactly("3");
			assertThat(migrator(database).rollBack("3").rolledBack()).isEmpty();
			assertThat(database.versions()).containsExactly("1", "2");
			RollbackRefusedException failure = failure(RollbackRefusedException.class,
					() -> migrator(database).rollBack("1"));
			assertThat(failure.getDescription()).isEqualTo(
					"1_a.sql is not the last migration that is applied, which is 2_b.sql. Nothing was rolled back.");
			assertThat(failure(RollbackRefusedException.class, () -> migrator(database).rollBack("9")).getDescription())
				.isEqualTo("There is no migration file with the version 9. Nothing was rolled back.");
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource
	void rollsBackTheNamedMigrationOnceIfTwoInstancesAreAskedTo(TestServer server) throws Exception {
		threeTables();
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			List<CompletableFuture<MigrationReport>> both = List.of(
					CompletableFuture.supplyAsync(() -> migrator(database).rollBack("3")),
					CompletableFuture.supplyAsync(() -> migrator(database).rollBack("3")));
			List<String> rolledBack = new ArrayList<>();
			for (CompletableFuture<MigrationReport> one : both) {
				rolledBack.addAll(one.get(60, TimeUnit.SECONDS).rolledBack());
			}
			assertThat(rolledBack).containsExactly("3");
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@Test
	void doesNotTakeAHalfAppliedMigrationForOneThatIsRolledBack() {
		add("1_half.sql", "CREATE TABLE d (i integer);\nINSERT INTO nowhere VALUES (1);", "DROP TABLE d;");
		try (TestDatabase database = TestServer.H2.create()) {
			failure(MigrationFailedException.class, migrator(database)::migrate);
			assertThat(failure(RollbackRefusedException.class, () -> migrator(database).rollBack("1")).getDescription())
				.contains("1_half.sql was started and is not whole");
		}
	}

	@Test
	void refusesWhatItCannotKnow() {
		threeTables();
		try (TestDatabase database = TestServer.H2.create()) {
			migrator(database).migrate();
			assertThat(
					failure(RollbackRefusedException.class, () -> migrator(database).rollBackTo("9")).getDescription())
				.contains("There is no migration file with the version 9.");
			folder().remove("3_c.sql");
			assertThat(failure(RollbackRefusedException.class, migrator(database)::rollBack).getDescription())
				.contains("Newer migrations than 2_b.sql are applied that have no file here: 3.");
			add("3_c.sql", "CREATE TABLE c (i integer);", "DROP TABLE c;");
			add("4_half.sql", "CREATE TABLE d (i integer);\nINSERT INTO nowhere VALUES (1);", "DROP TABLE d;");
			failure(MigrationFailedException.class, migrator(database)::migrate);
			assertThat(failure(RollbackRefusedException.class, migrator(database)::rollBack).getDescription())
				.contains("4_half.sql was started and is not whole");
			assertThat(
					failure(RollbackRefusedException.class, () -> migrator(database).rollBackTo("4")).getDescription())
				.contains("4_half.sql is not applied");
			assertThat(database.versions()).containsExactly("1", "2", "3");
		}
	}

	@Test
	void readsAllFilesBeforeTheFirstIsRolledBack() {
		threeTables();
		try (TestDatabase database = TestServer.SQLITE.create()) {
			migrator(database).migrate();
			folder().addRaw("2_b.sql", "-- migrate:up\nSELECT 1;\n");
			failure(MalformedMigrationException.class, () -> migrator(database).rollBackTo("1"));
			assertThat(database.versions()).containsExactly("1", "2", "3");
		}
	}

	@Test
	void answersThatWereUsedGoingUpAreNotUsedGoingDown() {
		addWithoutTransaction("1_a.sql", "CREATE TABLE a (i integer);\nCREATE TABLE b (i integer);",
				"DROP TABLE a;\nDROP TABLE nowhere;");
		try (TestDatabase database = TestServer.H2.create()) {
			migrator(database).migrate();
			database.execute("UPDATE \"schema_migrations_journal\" SET answers = '2=retry'");
			failure(MigrationFailedException.class, migrator(database)::rollBack);
			database.execute("UPDATE \"schema_migrations_journal\" SET state = 'reverting'");
			Resolution old = Resolution.parse("1:2=retry");
			assertThat(failure(HalfAppliedMigrationException.class, migrator(database, old)::rollBack).getAction())
				.contains("1 about statement 2 has been used");
		}
	}

}
