package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code COPY … FROM STDIN} with its data in a migration, and whole dumps of PostgreSQL's
 * {@code pg_dump}; what only its client can do is refused.
 */
@ExtendWith(OutputCaptureExtension.class)
class CopyTests {

	private static final String UP = "-- migrate:up\n";

	private static final String UP_ALONE = "-- migrate:up transaction:false\n";

	private static final String DOWN = "-- migrate:down\n";

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void createDatabase() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.folder = new MigrationFolder(this.path);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	private Migrator migrator() {
		return migrator(this.database);
	}

	private Migrator migrator(TestDatabase database) {
		return new Migrator(this.folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("copy")));
	}

	private List<String> rows(String query) {
		return this.database.jdbc().queryForList(query, String.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { UP, UP_ALONE })
	void copiesLinesUpToTheEndMarker(String directive) {
		this.folder.addRaw("1.sql", directive + """
				create table t (id int, a text);
				COPY public.t (id, a) FROM stdin;
				1	it's; a "quote" -- and /* more
				2	\\N
				3	$$ (((
				4
				4	tab\\there \\\\ and Größe Ω 😀
				\\.
				insert into t values (5, 'after; it');
				copy t from stdin with (format csv, header, delimiter '|', null 'none');
				id|a
				6|"x;
				\\. no end
				y"
				7|none
				\\.

				Copy t From Stdin csv; -- said; before the data
				8,"it's"
				\\.
				copy /* from */ "t" ("id") from stdin;
				\\.
				""".replace("4\n4\t", "4\t") + DOWN);
		assertThat(migrator().migrate().applied()).containsExactly("1");
		assertThat(rows("select id || '=' || coalesce(a, 'NULL') from t order by id")).containsExactly(
				"1=it's; a \"quote\" -- and /* more", "2=NULL", "3=$$ (((", "4=tab\there \\ and Größe Ω 😀",
				"5=after; it", "6=x;\n\\. no end\ny", "7=NULL", "8=it's");
		assertThat(rows("select statements::text from schema_migrations_journal")).containsExactly("6");
	}

	@Test
	void copiesInADownBlockToo() {
		this.folder
			.addRaw("1.sql",
					UP + "create table t (id int);\n" + DOWN
							+ "copy t from stdin;\n1\n2\n\\.\nalter table t rename to u;\n")
			.addRaw("2.sql", UP + "create table v (id int);\n-- migrate:down transaction:false\n"
					+ "copy v from stdin;\n1\n\\.\nalter table v rename to w;\n");
		migrator().migrate();
		assertThat(migrator().rollBack().rolledBack()).containsExactly("2");
		assertThat(migrator().rollBack().rolledBack()).containsExactly("1");
		assertThat(rows("select id::text from u union all select 'w' || id from w order by 1")).containsExactly("1",
				"2", "w1");
	}

	@Test
	void copiesFilesOfWindows() {
		this.folder.addRaw("1.sql",
				(UP + "create table t (a text, b text);\ncopy t from stdin;\n1\tx\n2\ty\n\\.\n" + DOWN).replace("\n",
						"\r\n"));
		migrator().migrate();
		assertThat(rows("select a || b from t order by 1")).containsExactly("1x", "2y");
	}

	@Test
	void copiesBehindAPooler() {
		String rows = ("1\t" + "z".repeat(2000) + "\n").repeat(100);
		this.folder.add("1.sql", "create table t (a int, b text);\ncopy t from stdin;\n" + rows + "\\.\n")
			.addWithoutTransaction("2.sql", "copy t from stdin;\n" + rows + "\\.\n");
		try (PgBouncer pgBouncer = PgBouncer.start(this.database)) {
			assertThat(migrator(pgBouncer.through(this.database)).migrate().applied()).containsExactly("1", "2");
		}
		assertThat(rows("select count(*)::text from t")).containsExactly("200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "?preferQueryMode=simple", "?autosave=always", "?defaultRowFetchSize=1",
			"?reWriteBatchedInserts=true" })
	void copiesWhateverTheDriversSettings(String parameters) {
		this.folder.add("1.sql", "create table t (a int);\ncopy t from stdin;\n1\n\\.\nselect * from t;");
		assertThat(migrator(this.database.at(this.database.url() + parameters)).migrate().applied())
			.containsExactly("1");
		assertThat(rows("select a::text from t")).containsExactly("1");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void wrongDataFailsWithItsPlace(boolean transaction) {
		String sql = "create table t (a int);\ncopy t from stdin;\n1\nx\n\\.\n";
		if (transaction) {
			this.folder.add("1.sql", sql);
		}
		else {
			this.folder.addWithoutTransaction("1.sql", sql);
		}
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator()::migrate)
			.withMessageContaining("statement 2 of 2, line 3 of ")
			.withMessageContaining("invalid input syntax for type integer: \"x\"")
			.withMessageContaining("COPY t, line 2, column a")
			.withMessageNotContaining("connection");
		assertThat(this.database.versions()).isEmpty();
		this.folder.addRaw("1.sql",
				(transaction ? UP : UP_ALONE) + "create table t (a int);\ncopy t from stdin;\n1\n2\n\\.\n" + DOWN);
		assertThat(migrator().migrate().applied()).containsExactly("1");
		assertThat(rows("select a::text from t order by 1")).containsExactly("1", "2");
	}

	@Test
	void afterARowThatFailedInLargeDataTheMigrationCanBeRunAgain() {
		String rows = "1\n".repeat(100_000);
		for (String directive : List.of(UP, UP_ALONE)) {
			this.folder.addRaw("1.sql", directive + "create table if not exists t (a int);\ncopy t from stdin;\n" + rows
					+ "x\n\\.\n" + DOWN);
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator()::migrate)
				.withMessageContaining("COPY t, line 100001");
		}
		assertThat(rows("select count(*)::text from t")).containsExactly("0");
	}

	/**
	 * Data that has changed is a statement that has changed.
	 */
	@Test
	void dataCountsWhenAMigrationResumes() {
		this.folder.addRaw("1.sql",
				UP_ALONE + "create table t (a int);\ncopy t from stdin;\n1\n\\.\nselect 1/0;\n" + DOWN);
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator()::migrate);
		this.folder.addRaw("1.sql",
				UP_ALONE + "create table t (a int);\ncopy t from stdin;\n2\n\\.\nselect 1;\n" + DOWN);
		assertThatExceptionOfType(io.github.migrateboot.failure.MigrationException.class)
			.isThrownBy(migrator()::migrate)
			.withMessageContaining("2");
		assertThat(rows("select a::text from t")).containsExactly("1");
		this.folder.addRaw("1.sql",
				UP_ALONE + "create table t (a int);\ncopy t from stdin;\n1\n\\.\nselect 1;\n" + DOWN);
		assertThat(migrator().migrate().applied()).containsExactly("1");
		assertThat(rows("select a::text from t")).containsExactly("1");
	}

	@Test
	void quotesInTheDataLeaveNothingOpen(CapturedOutput output) {
		this.folder.add("1.sql", "create table t (a text);\ncopy t from stdin;\nit's\n$x$\n/*\n\\.\n");
		migrator().migrate();
		assertThat(rows("select a from t order by 1")).containsExactly("$x$", "/*", "it's");
		assertThat(output).doesNotContain("is taken as a directive all the same");
	}

	@Test
	void isThePlainDumpOfADatabase() {
		try (TestDatabase original = TestServer.POSTGRES.create(); TestDatabase copy = TestServer.POSTGRES.create()) {
			original.execute("create schema app",
					"create table app.customers (id bigint generated by default as identity primary key, name text not null,"
							+ " note text default 'it''s; new')",
					"create index on app.customers (lower(name))",
					"insert into app.customers (name, note) select 'c' || i, case when i % 3 = 0 then null else E'a\\tb;\\n--\\\\' end"
							+ " from generate_series(1, 500) i",
					"create table orders (id int primary key, customer bigint references app.customers, doc jsonb)",
					"insert into orders select i, i, '{\"a\": \"it''s\"}' from generate_series(1, 100) i",
					"create function twice(i int) returns int language sql begin atomic select i * 2; end",
					"create view app.v as select * from app.customers where name <> ';'",
					"create materialized view app.m as select count(*) from orders",
					"comment on table orders is 'it''s; commented'");
			String dump = original.dump();
			assertThat(dump).contains("\\restrict ").contains("COPY app.customers").contains("\\unrestrict ");
			this.folder.addRaw("1_dump.sql", UP + dump + DOWN).add("2_after.sql", "insert into orders values (101);");
			assertThat(migrator(copy).migrate().applied()).containsExactly("1", "2");
			for (String query : List.of("select md5(string_agg(c::text, '|' order by id)) from app.customers c",
					"select md5(string_agg(o::text, '|' order by id)) from orders o where id <= 100",
					"select nextval(pg_get_serial_sequence('app.customers', 'id'))::text", "select twice(21)::text",
					"select count(*)::text from app.v", "select (table app.m)::text",
					"select obj_description('orders'::regclass)")) {
				assertThat(copy.jdbc().queryForObject(query, String.class)).as(query)
					.isNotNull()
					.isEqualTo(original.jdbc().queryForObject(query, String.class));
			}
			TestDatabase third = TestServer.POSTGRES.create();
			try (third) {
				this.folder.addRaw("1_dump.sql", UP_ALONE + dump + DOWN);
				assertThat(migrator(third).migrate().applied()).containsExactly("1", "2");
				assertThat(third.jdbc().queryForObject("select count(*) from orders", Integer.class)).isEqualTo(101);
			}
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
		"copy t to stdout;                      | 4 | COPY … TO STDOUT",
		"copy (select 1) to stdout with csv;    | 4 | COPY … TO STDOUT",
		"COPY t (a) TO STDOUT (FORMAT binary);  | 4 | COPY … TO STDOUT",
		"\\d t                                  | 4 | \\d",
		"\\i other.sql                          | 4 | \\i",
		"\\copy t from 'a.csv' csv              | 4 | \\copy",
		"\\connect other                        | 4 | \\connect",
		"\\set ON_ERROR_STOP on                 | 4 | \\set",
		"\\echo 'hello; world'                  | 4 | \\echo",
		"select 1 as a \\gset                   | 4 | \\gset",
		"select 'drop table t' \\gexec          | 4 | \\gexec",
		"copy t from stdin; insert into t values (1); | 4 | the line of COPY",
	// @formatter:on
	})
	void whatOnlyTheClientCanDoIsRefused(String command, int line, String named) {
		for (String directive : List.of(UP, UP_ALONE)) {
			this.folder.addRaw("1.sql",
					directive + "create table t (a int);\n\n" + command + "\ninsert into t values (1);\n\\.\n" + DOWN);
			assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrator()::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).contains("1.sql], line " + line + ":").contains(named);
					assertThat(failure.getAction()).isNotBlank();
				});
			assertThat(rows("select to_regclass('t')::text")).containsOnlyNulls();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "copy t from stdin;\n1\n2\n", "copy t from stdin;\n", "copy t from stdin",
			"copy t from stdin;\ninsert into t values (1);\n", "copy t from stdin;\n1\n \\.\n" })
	void dataWithoutItsEndIsRefused(String copy) {
		this.folder.addRaw("1.sql", UP + "create table t (a int);\n" + copy + "\n" + DOWN + "drop table t;\n\\.\n");
		assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrator()::migrate)
			.withMessageContaining("1.sql], line 3:")
			.withMessageContaining("\\.");
		assertThat(rows("select to_regclass('t')::text")).containsOnlyNulls();
	}

	/**
	 * A directive counts wherever it stands, as for dbmate.
	 */
	@Test
	void directivesInTheDataAreDirectives() {
		this.folder.addRaw("1.sql",
				UP + "create table t (a text);\ncopy t from stdin;\nfirst\n-- migrate:down\nsecond\n\\.\n");
		assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrator()::migrate)
			.withMessageContaining("1.sql], line 3:");
	}

	@Test
	void backslashesThatAreNoCommandsAreNot() {
		this.folder.add("1.sql", """
				create table t (a text);
				insert into t values ('C:\\'), (E'it\\'s'), ($$\\d$$), ('
				\\d t
				'); -- \\d
				/*
				\\d
				*/
				insert into t values ('\\d');
				""");
		migrator().migrate();
		assertThat(rows("select a from t")).containsExactly("C:\\", "it's", "\\d", "\n\\d t\n", "\\d");
	}

	/**
	 * The driver splits such a statement itself.
	 */
	@Test
	void escapedQuotesWithoutStandardStringsAreStrings() {
		for (String directive : List.of(UP, UP_ALONE)) {
			this.folder.addRaw("1.sql",
					directive + "create table t (a text);\nset standard_conforming_strings = off;\n"
							+ "insert into t values ('it\\'s; fine'), ('so; \\'is; this');\n"
							+ "insert into t values ('and this');\n" + DOWN);
			assertThat(migrator().migrate().applied()).containsExactly("1");
			assertThat(rows("select a from t")).containsExactly("it's; fine", "so; 'is; this", "and this");
			this.database.execute("drop table t", "drop table schema_migrations, schema_migrations_journal");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { UP, UP_ALONE })
	void whatTheDriverRefusesIsTheStatementsFailure(String directive) {
		this.folder.addRaw("1.sql", directive
				+ "create table t (a text);\nset client_encoding = 'LATIN1';\ncreate table u (a int);\n" + DOWN);
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator()::migrate)
			.withMessageContaining("statement 2 of 3, line 3 of ")
			.withMessageContaining("client_encoding")
			.withMessageNotContaining("being committed");
		assertThat(rows("select to_regclass('u')::text")).containsOnlyNulls();
		assertThat(this.database.versions()).isEmpty();
	}

}
