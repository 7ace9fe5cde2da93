package io.github.migrateboot.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionEffects}.
 */
class SessionTracesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			POSTGRESQL | set search_path = app                                | true
			POSTGRESQL | /* c */ SET ROLE app                                 | true
			POSTGRESQL | set session authorization app                        | true
			POSTGRESQL | reset all                                            | true
			POSTGRESQL | select pg_catalog.set_config('search_path', '', false) | true
			POSTGRESQL | select set_config('a.b', max(x)::text, false) from t | false
			POSTGRESQL | set local search_path = app                          | false
			POSTGRESQL | set constraints all deferred                         | false
			POSTGRESQL | set transaction read only                            | false
			POSTGRESQL | select 1                                             | false
			MYSQL      | use app                                              | true
			MYSQL      | set names utf8mb4                                    | true
			MYSQL      | set @@session.sql_mode = concat(@@sql_mode, ',ANSI') | true
			MYSQL      | set @old = @@unique_checks, unique_checks = 0        | true
			MYSQL      | set autocommit = 0                                   | true
			MYSQL      | set @n = (select count(*) from t)                    | false
			MYSQL      | set @id = last_insert_id()                           | false
			MYSQL      | set global max_connections = 9                       | false
			MYSQL      | set @a = 1, persist max_connections = 9              | false
			MYSQL      | set password = 'x'                                   | false
			MYSQL      | set transaction read only                            | false
			SQLITE     | pragma foreign_keys = on                             | true
			SQLITE     | attach 'x' as x                                      | true
			SQLITE     | pragma user_version = 3                              | false
			H2         | set schema app                                       | true
			H2         | set @a = 1                                           | true
			H2         | set ignorecase true                                  | false
			""")
	void knowsWhatOnlySetsTheSession(SqlSyntax syntax, String text, boolean setting) {
		assertThat(new SessionEffects(syntax).isSetting(statement(syntax, text))).isEqualTo(setting);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			MYSQL      | create temporary table a (x int)       | true
			MYSQL      | create or replace temporary table a (x int) | true
			POSTGRESQL | create temp table a as select 1        | true
			POSTGRESQL | create global temporary table a (x int) | true
			SQLITE     | create temp view a as select 1         | true
			H2         | create local temporary table a (x int) | true
			H2         | create global temporary table a (x int) | false
			MYSQL      | create table temporary (x int)         | false
			MYSQL      | drop temporary table a                 | false
			""")
	void knowsTemporaryTables(SqlSyntax syntax, String text, boolean temporary) {
		assertThat(new SessionEffects(syntax).createsTemporaryTable(statement(syntax, text))).isEqualTo(temporary);
	}

	@Test
	void findsVariables() {
		SessionEffects traces = new SessionEffects(SqlSyntax.MYSQL);
		SqlStatement statement = statement(SqlSyntax.MYSQL,
				"select @A, @`b`, @@sql_mode, 'mail@example.org' into @c_1 from t where x = @d.e");
		assertThat(traces.variables(statement)).containsExactly("@a", "@b", "@c_1", "@d.e");
		assertThat(traces.computesVariables(statement)).isTrue();
		assertThat(traces.computesVariables(statement(SqlSyntax.MYSQL, "select @a := 1"))).isTrue();
		assertThat(traces.computesVariables(statement(SqlSyntax.MYSQL, "call p(@a)"))).isTrue();
		assertThat(traces.computesVariables(statement(SqlSyntax.MYSQL, "set @a = rand()"))).isTrue();
		assertThat(traces.computesVariables(statement(SqlSyntax.MYSQL, "set @a = 1"))).isFalse();
		assertThat(traces.computesVariables(statement(SqlSyntax.MYSQL, "insert into t values (@a)"))).isFalse();
		assertThat(new SessionEffects(SqlSyntax.POSTGRESQL).variables(statement(SqlSyntax.POSTGRESQL, "select 5 @ -3")))
			.isEmpty();
	}

	@Test
	void findsQuestionsAboutEarlierStatements() {
		SessionEffects traces = new SessionEffects(SqlSyntax.MYSQL);
		assertThat(traces.asksForLastInsert(statement(SqlSyntax.MYSQL, "insert into t values (LAST_INSERT_ID ())")))
			.isTrue();
		assertThat(traces.asksForLastInsert(statement(SqlSyntax.MYSQL, "select @@identity"))).isTrue();
		assertThat(traces.asksForLastInsert(statement(SqlSyntax.MYSQL, "select last_insert_id from t"))).isFalse();
	}

	private static SqlStatement statement(SqlSyntax syntax, String text) {
		return new SqlStatement(1, 1, text, new StatementKinds(syntax).of(text));
	}

}
