package io.github.migrateboot;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What the texts of failures say is to be done, where it isn't just to fix a line.
 */
@ExtendWith(OutputCaptureExtension.class)
class RemedyTests {

	@TempDir
	private Path path;

	@ParameterizedTest
	@MethodSource("refusedInTransactions")
	void whatIsRefusedInATransactionIsToBeWrittenWithoutOne(TestServer server, String sql) {
		new MigrationFolder(this.path).add("1_first.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			MigrationFolder folder = new MigrationFolder(this.path).add("2_alone.sql", sql);
			MigrationFailedException failure = failure(database);
			assertThat(failure.getAction()).contains("\"-- migrate:up transaction:false\"").doesNotContain("line");
			folder.addWithoutTransaction("2_alone.sql", sql);
			assertThat(migrator(database).migrate().applied()).containsExactly("2");
		}
	}

	private static Stream<Arguments> refusedInTransactions() {
		return Stream.of(arguments(TestServer.POSTGRES_EMBEDDED, "CREATE INDEX CONCURRENTLY i ON t (a);"),
				arguments(TestServer.POSTGRES_EMBEDDED, "VACUUM t;"),
				arguments(TestServer.POSTGRES_EMBEDDED,
						"CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p();"),
				arguments(TestServer.POSTGRES_EMBEDDED, "REINDEX TABLE CONCURRENTLY t;"),
				arguments(TestServer.SQLITE, "VACUUM;"));
	}

	@Test
	void aNewEnumValueIsToBeUsedWithoutATransaction() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_type.sql",
				"CREATE TYPE e AS ENUM ('a'); CREATE TABLE u (e e);");
		String sql = "ALTER TYPE e ADD VALUE 'b'; INSERT INTO u VALUES ('b');";
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(database).migrate();
			folder.add("2_value.sql", sql);
			assertThat(failure(database).getAction()).contains("\"-- migrate:up transaction:false\"");
		}
	}

	@Test
	void aSettingOfTheTransactionThatComesTooLateIsFixedInItsLine() {
		new MigrationFolder(this.path).add("1_late.sql", "SELECT 1;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			assertThat(failure(database).getAction()).contains("line 3").doesNotContain("transaction:false");
		}
	}

	@Test
	void theSchemaOfTheHistoryTableIsThereAlready() {
		new MigrationFolder(this.path).add("1_schema.sql", "CREATE SCHEMA orders;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Migrator migrator = new Migrator(new MigrationFolder(this.path).source(), database.connections(),
					MigratorSettings.defaults(Instance.current("tests")).withTable("orders.schema_migrations"));
			MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class, migrator::migrate);
			assertThat(failure.getAction()).contains("CREATE SCHEMA IF NOT EXISTS", "line 2", "orders");
		}
	}

	@Test
	void manyAppliedVersionsAreCounted() {
		MigrationFolder folder = new MigrationFolder(this.path);
		for (int version = 101; version <= 133; version++) {
			folder.add(version + "_t.sql", "CREATE TABLE t" + version + " (a integer);");
		}
		folder.add("200_bad.sql", "CREATE TABEL x (a integer);");
		try (TestDatabase database = TestServer.H2.create()) {
			assertThat(failure(database).getDescription()).contains("33 migrations, from 101 to 133")
				.doesNotContain("101, 102");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PRAGMA foreign_keys=OFF;", "pragma foreign_keys = 0;", "PRAGMA main.foreign_keys(false);",
			"pragma \"foreign_keys\"=no;" })
	void foreignKeysThatStayOnAreWarnedAbout(String pragma, CapturedOutput output) {
		MigrationFolder folder = new MigrationFolder(this.path).addWithoutTransaction("1_off.sql", pragma);
		try (TestDatabase database = TestServer.SQLITE.create()) {
			migrator(database).migrate();
			assertThat(output.getAll()).doesNotContain("foreign keys stay on");
			folder.add("2_off.sql", "CREATE TABLE t (a integer);\n" + pragma);
			migrator(database).migrate();
			assertThat(output.getAll()).contains("2_off.sql: Line 3", "foreign keys stay on");
		}
	}

	private Migrator migrator(TestDatabase database) {
		return new Migrator(new MigrationFolder(this.path).source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")));
	}

	private MigrationFailedException failure(TestDatabase database) {
		return catchThrowableOfType(MigrationFailedException.class, () -> migrator(database).migrate());
	}

}
