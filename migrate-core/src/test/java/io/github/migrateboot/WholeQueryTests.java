package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Queries in migrations on PostgreSQL are executed to their end, as the database's own
 * client does: each row is computed, and each error is seen.
 */
class WholeQueryTests {

	private static final List<String> SETUP = List.of(
			"create table customers as select i as id from generate_series(1, 10) i", "create table touched (id int)",
			"create table result (name text, touched bigint, total bigint)", "create table other (id int)", """
					create function touch(i int) returns int language plpgsql as
					$$ begin insert into touched values (i); return i; end $$""", """
					create function touch_all() returns setof int language plpgsql as
					$$ begin return query select touch(id) from customers; end $$""", """
					create procedure touch_customers() language plpgsql as
					$$ begin perform touch(id) from customers; end $$""",
			"create view touching as select touch(id) from customers");

	/** Each of which touches all ten customers, wherever it stands. */
	private static final Map<String, String> QUERIES = new TreeMap<>(Map.ofEntries(
			Map.entry("select", "select touch(id) from customers"),
			Map.entry("select ordered", "select touch(id) from customers order by id desc"),
			Map.entry("select in parentheses", "((select touch(id) from customers))"),
			Map.entry("select for update", "select touch(id) from (select id from customers for update) c"),
			Map.entry("select into", "select touch(id) as id into temporary copied from customers; drop table copied"),
			Map.entry("union", "select touch(id) from customers union all select 0 where false"),
			Map.entry("series in the list", "select touch(generate_series(1, 10))"),
			Map.entry("set returning function", "select * from touch_all()"),
			Map.entry("set returning function in the list", "select touch_all()"),
			Map.entry("values",
					"values (touch(1)), (touch(2)), (touch(3)), (touch(4)), (touch(5)), (touch(6)), (touch(7)),"
							+ " (touch(8)), (touch(9)), (touch(10))"),
			Map.entry("table", "table touching"),
			Map.entry("with select", "with c as (select id from customers) select touch(id) from c"),
			Map.entry("with insert select",
					"with c as (insert into other select id from customers returning id) select touch(id) from c"),
			Map.entry("with insert",
					"with c as (select touch(id) as id from customers) insert into other select id from c"),
			Map.entry("insert returning", "insert into other select id from customers returning touch(id)"),
			Map.entry("update returning", "update customers set id = id returning touch(id)"),
			Map.entry("delete returning", "delete from other where id is null;"
					+ " insert into other values (null); delete from other where id is null returning (select count(touch(id)) from customers)"),
			Map.entry("create table as",
					"create table copied2 as select touch(id) as id from customers; drop table copied2"),
			Map.entry("explain analyze", "explain analyze select touch(id) from customers"),
			Map.entry("execute", "prepare p as select touch(id) from customers; execute p; deallocate p"),
			Map.entry("call", "call touch_customers()"),
			Map.entry("do", "do $$ begin perform touch(id) from customers; end $$"),
			Map.entry("show and select", "show all; select touch(id) from customers; show search_path"),
			Map.entry("comments before", "-- a comment\n/* another */ select touch(id) from customers")));

	private static final Map<String, String> CURSORS = Map.of("fetch all",
			"declare c cursor for select touch(id) from customers; fetch all from c; close c", "fetch forward",
			"declare c cursor for select touch(id) from customers; fetch 4 from c; fetch forward 6 from c; close c",
			"move", "declare c cursor for select touch(id) from customers; move all in c; close c");

	@TempDir
	private Path path;

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("queries")));
	}

	private static String parameters(String url, String parameters) {
		return parameters.isEmpty() ? url : url + (url.contains("?") ? "&" : "?") + parameters;
	}

	private static String measured(String name, String query) {
		return "delete from touched;\n" + query + ";\ninsert into result select '" + name
				+ "', count(*), sum(id) from touched;\n";
	}

	private static void assertAllTouched(TestDatabase database, int queries) {
		assertThat(database.jdbc()
			.queryForList("select name || ': ' || touched || ', ' || coalesce(total, 0) from result"
					+ " where (touched, total) is distinct from (10, 55)", String.class))
			.isEmpty();
		assertThat(database.jdbc().queryForObject("select count(*) from result", Integer.class)).isEqualTo(queries);
		database.execute("delete from result");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "preferQueryMode=simple", "preferQueryMode=extendedForPrepared",
			"preferQueryMode=extendedCacheEverything", "defaultRowFetchSize=1", "defaultRowFetchSize=3",
			"defaultRowFetchSize=100&adaptiveFetch=true", "autosave=always", "autosave=conservative",
			"reWriteBatchedInserts=true", "prepareThreshold=1", "autosave=always&preferQueryMode=simple" })
	void areExecutedToTheirEnd(String parameters) {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			runEachUpAndDown(database, database.at(parameters(database.url(), parameters)));
		}
	}

	@Test
	void areExecutedToTheirEndOnTheNewestServer() {
		try (TestDatabase database = TestServer.POSTGRES.create()) {
			runEachUpAndDown(database, database);
		}
	}

	@Test
	void areExecutedToTheirEndBehindAPooler() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			runEachUpAndDown(database, pgBouncer.through(database));
		}
	}

	private void runEachUpAndDown(TestDatabase database, TestDatabase way) {
		MigrationFolder folder = new MigrationFolder(this.path);
		database.execute(SETUP.toArray(String[]::new));
		Map<String, String> inTransaction = new TreeMap<>(QUERIES);
		inTransaction.putAll(CURSORS);
		int number = 100;
		for (Map.Entry<String, String> query : inTransaction.entrySet()) {
			String sql = measured(query.getKey(), query.getValue());
			folder.addRaw(number++ + ".sql", "-- migrate:up\n" + sql + "-- migrate:down\n" + sql);
		}
		for (Map.Entry<String, String> query : QUERIES.entrySet()) {
			if (!query.getKey().equals("execute") || way == database) {
				String sql = measured(query.getKey(), query.getValue().replace("temporary", ""));
				folder.addRaw(number++ + ".sql",
						"-- migrate:up transaction:false\n" + sql + "-- migrate:down transaction:false\n" + sql);
			}
		}
		int files = number - 100;
		Migrator migrator = migrator(folder, way);
		assertThat(migrator.migrate().applied()).hasSize(files);
		assertAllTouched(database, files);
		for (int file = 0; file < files; file++) {
			assertThat(migrator.rollBack().rolledBack()).hasSize(1);
		}
		assertAllTouched(database, files);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- migrate:up\n", "-- migrate:up transaction:false\n" })
	void failIfALaterRowFails(String directive) {
		MigrationFolder folder = new MigrationFolder(this.path).addRaw("1.sql",
				directive + "select 1;\nselect 1 / (id - 5) from customers;\n-- migrate:down\n");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute(SETUP.toArray(String[]::new));
			for (String parameters : List.of("", "defaultRowFetchSize=2", "autosave=always")) {
				Migrator migrator = migrator(folder, database.at(parameters(database.url(), parameters)));
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
					.withMessageContaining("statement 2 of 2, line 3 of ")
					.withMessageContaining("division by zero");
				assertThat(database.versions()).isEmpty();
			}
		}
	}

	/**
	 * Which the server refuses after a savepoint; the driver sets one of its own, except
	 * before settings that it recognizes.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "autosave=always", "autosave=conservative", "autosave=always&preferQueryMode=simple" })
	void settingsOfTheTransactionPrecedeEverything(String parameters) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"set\ntransaction isolation level repeatable read;\ncreate table level as select current_setting('transaction_isolation') as name;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(folder, database.at(parameters(database.url(), parameters))).migrate();
			assertThat(database.jdbc().queryForObject("select name from level", String.class))
				.isEqualTo("repeatable read");
		}
	}

	@Test
	void rollbackFailsIfALaterRowFails() {
		MigrationFolder folder = new MigrationFolder(this.path).addRaw("1.sql",
				"-- migrate:up\n-- migrate:down\nselect 1 / (id - 5) from customers;\n");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute(SETUP.toArray(String[]::new));
			Migrator migrator = migrator(folder, database);
			migrator.migrate();
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::rollBack)
				.withMessageContaining("division by zero");
			assertThat(database.versions()).containsExactly("1");
		}
	}

	/**
	 * One after the other, what a failed statement leaves of the transaction is nothing.
	 */
	@Test
	void nothingFollowsAFailedStatement() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1.sql",
				"create table a (id int);\nselect 1;\nsavepoint s;\ninsert into a values (1 / 0);\nrollback to s;\ninsert into a values (2);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			for (String parameters : List.of("", "preferQueryMode=simple", "autosave=always")) {
				Migrator migrator = migrator(folder, database.at(parameters(database.url(), parameters)));
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
					.withMessageContaining("statement 4 of 6")
					.withMessageContaining("division by zero");
				assertThat(database.versions()).isEmpty();
				assertThat(database.jdbc().queryForObject("select to_regclass('a')::text", String.class)).isNull();
			}
		}
	}

	private enum Way {

		DIRECT, POOLED

	}

	@ParameterizedTest
	@EnumSource
	void needLittleMemoryForManyRows(Way way) {
		String queries = "select i from generate_series(1, 3000000) i;\n"
				+ "select repeat('x', 1000) from generate_series(1, 300000);\n";
		MigrationFolder folder = new MigrationFolder(this.path)
			.addRaw("1.sql", "-- migrate:up\n" + queries + "-- migrate:down\n" + queries)
			.addRaw("2.sql",
					"-- migrate:up transaction:false\n" + queries + "-- migrate:down transaction:false\n" + queries);
		List<String> options = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"));
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			TestDatabase through = (way == Way.POOLED) ? pgBouncer.through(database) : database;
			try (ChildJvm process = MigrateProcess.start(options, through, folder, "rows", List.of())) {
				assertThat(process.awaitExit(Duration.ofMinutes(3))).as(process::output).isZero();
			}
			assertThat(database.versions()).containsExactly("1", "2");
			for (int times = 0; times < 2; times++) {
				try (ChildJvm process = MigrateProcess.startRollback(options, through, folder, "rows")) {
					assertThat(process.awaitExit(Duration.ofMinutes(3))).as(process::output).isZero();
				}
			}
			assertThat(database.versions()).isEmpty();
		}
	}

}
