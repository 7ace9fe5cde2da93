package io.github.migrateboot.script;

import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Named.named;

/**
 * Tests for splitting by the rules of {@link SqlSyntax#POSTGRESQL}.
 */
class PostgresSplitterTests {

	@ParameterizedTest
	@MethodSource("scripts")
	void splits(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.POSTGRESQL);
	}

	static Stream<Named<String>> scripts() {
		return Stream.of(named("two statements", """
				«create table a (x int)»;
				«insert into a values (1)»;
				"""), named("last delimiter missing", """
				«select 1»;
				«select 2»
				-- the end"""), named("only comments and semicolons", """
				-- nothing; here
				/* nor; here */ ;;
				;
				"""), named("several on one line", "«select 1»;«select 2»; «select 3»"),
				named("function in dollar quotes", """
						«create function f() returns int language plpgsql as $$
						begin
						  return 1;
						end;
						$$»;
						«select f()»;
						"""), named("do with a tag", """
						«do $body$ begin perform 1; execute $$select ';'$$; end; $body$»;
						«select 1»;
						"""), named("a tag that is the beginning of another", """
						«do $a$ begin perform '$ab$;'; end; $a$»;
						«select 1»;
						"""), named("a dollar within an identifier begins nothing", """
						«select a$b from t$1$»;
						«select 1 as x$$»;
						«select $$a;b$$»;
						"""), named("parameters are no dollar quotes", """
						«prepare p as select $1, $2»;
						«select 1»;
						"""), named("tag with letters beyond ASCII", """
						«select $größe$ ; $größe$»;
						«select 1»;
						"""), named("function body in BEGIN ATOMIC", """
						«create function f(a int) returns int
						begin atomic
						  select case when a > 0 then 1 else 2 end;
						  select (case a when 1 then 2 end);
						  select 3;
						end»;
						«select f(1)»;
						"""), named("BEGIN ATOMIC in a procedure that is replaced, with names like keywords", """
						«create or replace procedure p() BEGIN ATOMIC
						  select t.end, t.case, x as end from t;
						  insert into t values ('end;');
						END»;
						«select 1»;
						"""), named("begin as a transaction is no body", """
						«begin»;
						«create table a (x int)»;
						«end»;
						"""), named("a function whose body is a plain string", """
						«create function begin_it() returns int language sql as 'select 1; select 2'»;
						«select 1»;
						"""), named("RETURN body", """
						«create function f(a int) returns int return case a when 1 then 2 end»;
						«select 1»;
						"""), named("nested comments", """
						«select /* a /* b; */ c; */ 1»;
						/* /* ; */ select 0; */ «select 2»;
						"""), named("escape string", """
						«select E'it\\'s; fine', e'\\\\'»;
						«select 1»;
						"""), named("escape string that goes on in the next line", """
						«select E'a'
						  'b\\'; c'»;
						«select 1»;
						"""), named("backslash in a standard string is itself", """
						«select 'a\\'»;
						«select 'b;\\'»;
						"""), named("a name that ends with e is not an escape string", """
						«select type'a\\'»;
						«select 1»;
						"""), named("unicode string and identifier", """
						«select U&'\\0041;''' , U&"d\\0061t;a"»;
						«select 1»;
						"""), named("doubled quotes", """
						«select 'it''s; fine', "a"";b"»;
						«select ''»;
						"""), named("comment signs in strings and names", """
						«select '--', '/*', "--;", "/*"»;
						«select 1»;
						"""), named("rule with two commands", """
						«create rule r as on insert to a do also (insert into b values (1); delete from c;)»;
						«select 1»;
						"""), named("line comments inside a statement stay", """
						«create table a ( -- the table; really
						  x int -- it's a column
						)» -- behind it; really
						;
						«select 1»;
						"""), named("an operator of minus signs is a comment", """
						«select 1 --2;
						  + 3»;
						«select 4 - -5»;
						"""), named("create index concurrently between others", """
						«create table a (x int)»;
						«create index concurrently i on a (x)»;
						"""), named("carriage returns", "«select 1»;\r\n-- c\r\n«select\r\n2»;\r\n"),
				named("a carriage return alone ends a comment", "-- c\r«select 1»;\n"),
				named("json operators and casts", """
						«select a #>> '{b}', c::text, d ->> 'e;f', g @> '{}'::jsonb, h ? ';'»;
						«select a[1:2]»;
						"""), named("a meta command of psql is left to the server", """
						«\\connect other
						select 1»;
						"""), named("a no-break space is part of a word", "«\u00a0select 1»;\n«select 2»;"),
				named("string that is not closed", """
						«select 1»;
						«select 'a;
						select 2;
						»"""), named("dollar quotes that are not closed", """
						«select 1»;
						«do $$ begin;
						»"""));
	}

}
