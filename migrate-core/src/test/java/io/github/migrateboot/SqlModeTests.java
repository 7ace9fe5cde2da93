package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a migration is read as its session reads it, whatever version the server has
 * and whatever mode is set.
 */
class SqlModeTests {

	private static final String NO_ESCAPES = "insert into t values ('\\'); insert into t values ('b;');";

	@TempDir
	private Path path;

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void modeOfTheConnection(TestServer server) {
		folder().add("1_a.sql", "create table t (a varchar(9)); " + NO_ESCAPES);
		try (TestDatabase database = server.create()) {
			String separator = database.url().contains("?") ? "&" : "?";
			TestDatabase same = database
				.at(database.url() + separator + "sessionVariables=sql_mode='NO_BACKSLASH_ESCAPES'");
			migrate(same, null);
			assertThat(rows(database)).containsExactly("\\", "b;");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void modeOfTheInitSql(TestServer server) {
		folder().add("1_a.sql", "create table t (a varchar(9)); " + NO_ESCAPES)
			.add("2_b.sql", "set sql_mode = ''; insert into t values ('\\';');")
			.addRaw("3_c.sql", "-- migrate:up\n" + NO_ESCAPES + "\n-- migrate:down\n" + NO_ESCAPES);
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database, "set sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
			migrator.migrate();
			assertThat(rows(database)).containsExactly("\\", "b;", "';", "\\", "b;");
			migrator.rollBackTo("2");
			assertThat(rows(database)).containsExactly("\\", "b;", "';", "\\", "b;", "\\", "b;");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "set sql_mode = oracle;", "" })
	void blocksOfOraclesMode(String mode) {
		String initSql = mode.isEmpty() ? "set sql_mode = 'ORACLE'" : null;
		folder().add("1_a.sql", mode + """
				create table t (a varchar(9));
				declare x int; begin x := 1; insert into t values (x); end;
				begin insert into t values ('2'); insert into t values ('3'); end;
				create trigger tr before insert on t for each row declare x int; begin :new.a := :new.a || ';'; end;
				create procedure p as begin <<l>> loop insert into t values ('4'); exit l when 1 = 1; end loop; end;
				call p();
				""");
		try (TestDatabase database = TestServer.MARIADB.create()) {
			migrate(database, initSql);
			assertThat(rows(database)).containsExactly("1", "2", "3", "4;");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void whatAnExecutableCommentHolds(TestServer server) {
		folder().add("1_a.sql", """
				/*M!999999\\- enable the sandbox mode */
				create table t (a varchar(9)) /*!999999 it's */;
				create procedure p() insert into t values ('p') /*!99999 ; begin */;
				call p();
				insert into t values (/*!80000 concat('my', */ 'sql;' /*!80000 ) */);
				create table count (a int);
				""");
		try (TestDatabase database = server.create()) {
			migrate(database, null);
			assertThat(rows(database)).containsExactly("p", (server == TestServer.MYSQL) ? "mysql;" : "sql;");
		}
	}

	@Test
	void routinesKeepTheServersMode() {
		folder().add("1_a.sql",
				"create table t (a varchar(500)); create procedure p() select 1;"
						+ " insert into t select sql_mode from information_schema.routines where routine_name = 'p'"
						+ " and routine_schema = database(); insert into t select @@global.sql_mode;");
		try (TestDatabase database = TestServer.MARIADB.create()) {
			migrate(database, null);
			List<String> rows = rows(database);
			assertThat(rows.get(0)).isEqualTo(rows.get(1));
		}
	}

	@Test
	void bracketsOfH2() {
		folder().add("1_a.sql", "create table [t;x] (a varchar(9)); insert into [t;x] values ('it''s'); "
				+ "create table t (a varchar(9)); insert into t select a from [t;x];");
		try (TestDatabase database = TestServer.H2.create()) {
			migrate(database.at(database.url() + ";MODE=MSSQLServer"), null);
			assertThat(rows(database)).containsExactly("it's");
		}
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private void migrate(TestDatabase database, @Nullable String initSql) {
		migrator(database, initSql).migrate();
	}

	private Migrator migrator(TestDatabase database, @Nullable String initSql) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("tests"))
			.withConnect(ConnectSettings.defaults().withInitSql(initSql));
		return new Migrator(folder().source(), database.connections(), settings);
	}

	private static List<String> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t", String.class);
	}

}
