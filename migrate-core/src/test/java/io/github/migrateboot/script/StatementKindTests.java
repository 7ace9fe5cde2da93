package io.github.migrateboot.script;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrateboot.script.SqlStatement.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Kind} as the parser finds it.
 */
class StatementKindTests {

	@ParameterizedTest
	@EnumSource
	void knowsWhatAllDatabasesHaveInCommon(SqlSyntax syntax) {
		for (String control : new String[] { "begin", "BEGIN transaction", "commit", "Rollback", "rollback work",
				"/* c */ commit", "begin -- now\n work" }) {
			assertThat(kind(syntax, control)).as(control).isEqualTo(Kind.TRANSACTION_CONTROL);
		}
		for (String data : new String[] { "select 1", "insert into a values (1)", "update a set x = 1", "delete from a",
				"with a as (select 1) select * from a", "(select 1)", "values (1)", "savepoint s",
				"release savepoint s", "rollback to savepoint s", "explain select 1" }) {
			assertThat(kind(syntax, data)).as(data).isEqualTo(Kind.DATA);
		}
		for (String ordinary : new String[] { "create table a (x int)", "alter table a add y int", "drop table a",
				"commitment", "create table begin (x int)" }) {
			assertThat(kind(syntax, ordinary)).as(ordinary).isEqualTo(Kind.ORDINARY);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			end                                                  | TRANSACTION_CONTROL
			abort                                                | TRANSACTION_CONTROL
			start transaction isolation level serializable       | TRANSACTION_CONTROL
			prepare transaction 'x'                              | TRANSACTION_CONTROL
			commit prepared 'x'                                  | TRANSACTION_CONTROL
			rollback prepared 'x'                                | TRANSACTION_CONTROL
			commit and chain                                     | TRANSACTION_CONTROL
			prepare p as select 1                                | DATA
			rollback work to s                                   | DATA
			rollback transaction to savepoint s                  | DATA
			set transaction isolation level serializable         | TRANSACTION_SETTING
			set local transaction read only                      | TRANSACTION_SETTING
			set session transaction read only                    | TRANSACTION_SETTING
			set transaction_isolation = 'serializable'           | TRANSACTION_SETTING
			set local transaction_deferrable to on               | TRANSACTION_SETTING
			set search_path = app                                | DATA
			set local lock_timeout = '1s'                        | DATA
			set session characteristics as transaction read only | DATA
			do $$ begin end $$                                   | DATA
			copy a from program 'x'                              | DATA
			create index concurrently i on a (x)                 | ORDINARY
			vacuum                                               | ORDINARY
			""")
	void knowsPostgresql(String statement, Kind kind) {
		assertThat(kind(SqlSyntax.POSTGRESQL, statement)).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			start transaction with consistent snapshot     | TRANSACTION_CONTROL
			start replica                                  | ORDINARY
			begin not atomic select 1; end                 | ORDINARY
			xa start 'x'                                   | TRANSACTION_CONTROL
			set autocommit = 0                             | TRANSACTION_CONTROL
			set @@session.autocommit = 1                   | TRANSACTION_CONTROL
			set @a = 1, autocommit = 0                     | TRANSACTION_CONTROL
			set @a = 'autocommit'                          | DATA
			set names utf8mb4                              | DATA
			set transaction isolation level serializable   | TRANSACTION_SETTING
			set session transaction read only              | DATA
			set global transaction read only               | DATA
			set password = 'x'                             | ORDINARY
			set statement lock_wait_timeout=1 for drop table a | ORDINARY
			/*!40101 set names utf8 */                     | DATA
			/*!40000 alter table a disable keys */         | ORDINARY
			/*M!100100 commit */                           | TRANSACTION_CONTROL
			create temporary table a (x int)               | DATA
			create or replace temporary table a (x int)    | DATA
			drop temporary table a                         | DATA
			create table temporary (x int)                 | ORDINARY
			load data infile 'x' into table a              | DATA
			load index into cache a                        | ORDINARY
			lock tables a write                            | ORDINARY
			truncate a                                     | ORDINARY
			rename table a to b                            | ORDINARY
			use b                                          | DATA
			call p()                                       | DATA
			replace into a values (1)                      | DATA
			execute p                                      | ORDINARY
			# comment                                      | ORDINARY
			""")
	void knowsMysql(String statement, Kind kind) {
		assertThat(kind(SqlSyntax.MYSQL, statement)).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			begin immediate                     | TRANSACTION_CONTROL
			end transaction                     | TRANSACTION_CONTROL
			rollback transaction to savepoint s | DATA
			replace into a values (1)           | DATA
			pragma foreign_keys = off           | ORDINARY
			vacuum                              | ORDINARY
			""")
	void knowsSqlite(String statement, Kind kind) {
		assertThat(kind(SqlSyntax.SQLITE, statement)).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			set autocommit off      | TRANSACTION_CONTROL
			prepare commit x        | TRANSACTION_CONTROL
			set schema public       | DATA
			set ignorecase true     | ORDINARY
			execute immediate 'x'   | ORDINARY
			merge into a values (1) | DATA
			""")
	void knowsH2(String statement, Kind kind) {
		assertThat(kind(SqlSyntax.H2, statement)).isEqualTo(kind);
	}

	@ParameterizedTest
	@ValueSource(strings = { "set @a = 1", "set lock_timeout 100", "set query_timeout 100", "set schema public",
			"set time zone 'UTC'", "call 1", "select 1", "merge into a key (x) values (2)", "savepoint s",
			"explain select 1", "values (1)", "table a", "show tables", "set ignorecase true", "create table b (x int)",
			"truncate table a", "grant select on a to public", "create local temporary table c (x int)" })
	void agreesWithH2OnWhatCommits(String statement) throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
				Statement jdbc = connection.createStatement()) {
			jdbc.execute("create table a (x int primary key)");
			jdbc.execute("create table marker (x int)");
			connection.setAutoCommit(false);
			jdbc.execute("insert into marker values (1)");
			jdbc.execute(statement);
			connection.rollback();
			try (ResultSet rows = jdbc.executeQuery("select count(*) from marker")) {
				rows.next();
				Kind expected = (rows.getInt(1) == 0) ? Kind.DATA : Kind.ORDINARY;
				assertThat(kind(SqlSyntax.H2, statement)).isEqualTo(expected);
			}
		}
	}

	@Test
	void comparesLeadingWords() {
		SqlStatement statement = new SqlStatement(1, 1, "create /* ; */ unique -- x\n\tIndex concurrently(a)",
				Kind.ORDINARY);
		assertThat(statement.startsWith("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", "(")).isTrue();
		assertThat(statement.startsWith("create", "index")).isFalse();
		assertThat(statement.startsWith("create", "unique", "index", "concurrently", "(", "a", ")", "x")).isFalse();
		assertThat(new SqlStatement(1, 1, "/*!40000 LOCK*/ TABLES a WRITE", Kind.ORDINARY).startsWith("lock", "tables"))
			.isTrue();
		assertThat(
				new SqlStatement(1, 1, "unlock /* a /* b */ c */ tables", Kind.ORDINARY).startsWith("unlock", "tables"))
			.isTrue();
	}

	private static Kind kind(SqlSyntax syntax, String statement) {
		return new StatementKinds(syntax).of(statement);
	}

}
