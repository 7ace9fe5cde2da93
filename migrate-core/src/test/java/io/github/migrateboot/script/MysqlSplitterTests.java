package io.github.migrateboot.script;

import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Named.named;

/**
 * Tests for splitting by the rules of {@link SqlSyntax#MYSQL}.
 */
class MysqlSplitterTests {

	private static final String ORACLE_MODE = """
			«declare a int; begin a := if(1, 2, 3); select a; end»;
			«declare
			  type t is record (x int);
			  cursor c is select 1 from dual;
			  exit handler for sqlexception begin null; end;
			begin
			  for r in c loop select r.x; end loop;
			end»;
			«begin
			  select 1; begin select 2; end;
			exception when others then select 3; when no_data_found then null;
			end»;
			«create event e on schedule every 1 day do declare a int; begin null; end»;
			«create procedure p as
			  a int;
			  continue handler for not found if 1 then null; end if;
			  exit handler for sqlexception begin null; end;
			begin
			  select 1;
			end»;
			«declare begin null; exception when others then null; end»;
			«begin <<l>> declare begin set @a = 1; end; declare a int; begin null; end; end»;
			«create package body p as
			  a int := 1;
			  procedure q as begin null; end;
			begin
			  a := 2;
			  declare b int; begin b := a; end;
			  begin null; end;
			end»;
			«loop exit; end loop»;
			«for i in 1..3 loop select i; end loop»;
			«create trigger t before insert on x for each row declare a int; begin :new.a := 1; end»;
			«create trigger t before insert on x for each row begin
			  if :new.a > 1 then :new.b := :old.begin; end if;
			end»;
			«begin
			  <<l>> loop exit l when 1 = 1; end loop l;
			  <<m>> begin null; end; goto m; <<n>> for i in 1..2 loop null; end loop;
			end»;
			«begin»;
			«select 1»;
			«begin work»;
			«select 1»;
			""";

	private static final String NAMES_LIKE_KEYWORDS = """
			«create procedure p() begin
			  declare continue handler for not found set done = if(done, 1, 2);
			  declare exit handler for 1051, sqlstate '42S02', c begin end;
			  declare handler int default if(1, 2, 3);
			  declare begin, end date;
			  select handler, if(a, b, c), do, begin, repeat('x', 2) from t;
			  update t set atomic = begin, loop_ = case when a then if(b, 1, 2) end;
			  label: begin end;
			end»;
			«create procedure p() (select case a when 1 then 2 end)»;
			«create procedure p() `l;`: begin select 1; end»;
			«create procedure p() begin declare begin mediumint default 1; set begin = 2; end»;
			«create procedure p() language sql contains sql modifies sql data l: loop leave l; end loop»;
			«create procedure p() using (lib as begin) language javascript as $$ a; $$»;
			«create definer = procedure@localhost event do on schedule every 1 day do begin select 1; end»;
			«alter definer = event@localhost view v as select event from do»;
			«select 1»;
			""";

	private static final String SET_STATEMENT = """
			«set statement lock_wait_timeout = 5 for begin not atomic select 1; end»;
			«set statement a = (select 1 for update), b = if(1, 2, 3) for if 1 then select 1; end if»;
			«set statement a = 1 for set statement b = 2 for create procedure p() begin select 1; end»;
			«begin not atomic set statement a = 1 for begin not atomic select 1; end; select 2; end»;
			«set statement a = 1 for select 1 for update»;
			«select 1»;
			""";

	@ParameterizedTest
	@MethodSource("scripts")
	void splits(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.MYSQL);
	}

	@ParameterizedTest
	@MethodSource("storedPrograms")
	void splitsStoredPrograms(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.MYSQL);
	}

	@ParameterizedTest
	@MethodSource("compoundStatementsOfMariaDb")
	void splitsCompoundStatementsOfMariaDb(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.MYSQL);
	}

	static Stream<Named<String>> scripts() {
		return Stream.of(named("two statements", """
				«create table a (x int)»;
				«insert into a values (1)»;
				"""), named("backslash escapes", """
				«select 'it\\'s; fine', "a\\";b", '\\\\'»;
				«select 1»;
				"""), named("doubled quotes", """
				«select 'it''s;', "a"";", `b``;`»;
				«select 1»;
				"""), named("a backslash in backticks is itself", """
				«select `a\\`»;
				«select 1»;
				"""), named("hash comments", """
				# it's a comment;
				«select 1» # another; one
				;
				«select 2»;
				"""), named("two dashes are a comment only before a blank", """
				«select 5--2»;
				-- it's; a comment
				«select 1»; --\tanother;
				--
				«select 2»;
				"""), named("comments are not nested", """
				/* a /* b; */ «select 1»;
				«select 2»;
				"""), named("executable comments are statements", """
				«/*!40101 SET NAMES utf8 */»;
				«/*!40000 ALTER TABLE `t` DISABLE KEYS */»;
				«/*M!100100 SET @a = ';' */»;
				/* plain; */
				«select /*!80000 1, */ 2»;
				"""), named("semicolons in executable comments", """
				«/*!50003 select '*/;' ; */»;
				«select 1»;
				"""), named("hints", """
				«select /*+ MAX_EXECUTION_TIME(1000); */ 1»;
				«select 2»;
				"""), named("transactions", """
				«begin»;
				«insert into a values (1)»;
				«commit»;
				«start transaction»;
				«rollback»;
				«xa begin 'x'»;
				«xa end 'x'»;
				"""), named("functions with the names of blocks", """
				«select if(a, b, c), repeat('a;', 3), replace(a, b, c) from t»;
				«insert into t values (if(1, 2, 3))»;
				«select case a when 1 then 2 end, t.begin, @end from t»;
				«update t set end = 1, begin = 2»;
				"""), named("CREATE of other things", """
				«create table if not exists `begin` (a int)»;
				«create or replace view v as select case when a then b end from t»;
				«create definer=`root`@`%` sql security invoker view v as select 1»;
				«create user 'a'@'%' identified by 'b;'»;
				«create index trigger_begin on t (a)»;
				"""), named("delimiter", """
				DELIMITER //
				«create procedure p() begin select 1; select '//'; end»//
				«select 2; select 3» // «select 4»
				//
				delimiter ;
				«select 5»;
				"""), named("dollars as delimiter, behind a word", """
				DELIMITER $$
				«create procedure p()
				begin
				  select 1;
				end»$$
				DELIMITER ;
				«select 1»;
				"""),
				named("two semicolons as delimiter, as mysqldump writes them",
						"""
								DELIMITER ;;
								«/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW begin set new.a = 1; end */»;;
								DELIMITER ;
								«select 1»;
								"""),
				named("delimiter that is never set back", """
						delimiter |
						«select 1; select 2»|
						«select 3»
						"""),
				named("delimiter with an indented command, quotes, something behind it and CRLF",
						"  Delimiter '//' \r\n«select 1;»//\r\n\tdelimiter ; -- back\r\n«select 2»;\r\n"),
				named("delimiter is a name elsewhere", """
						«select delimiter
						  from t»;
						«select 'a
						delimiter //
						'»;
						«insert into t (
						delimiter ) values (1)»;
						"""), named("a delimiter command without argument is left to the server", """
						«delimiter»
						;
						"""), named("string that is not closed", """
						«select 1»;
						«select 'a\\';
						»"""));
	}

	static Stream<Named<String>> storedPrograms() {
		return Stream.of(named("names like keywords", NAMES_LIKE_KEYWORDS), named("procedure", """
				«CREATE PROCEDURE p(IN a INT, OUT b VARCHAR(10))
				BEGIN
				  INSERT INTO t VALUES (1);
				  SELECT 2;
				END»;
				«SELECT 1»;
				"""),
				named("procedure of one statement",
						"""
								«create procedure p() select if(1, 2, 3)»;
								«create procedure p(a int) insert into t values (case a when 1 then 2 end)»;
								«create procedure if not exists p() comment 'begin;' sql security invoker update t set x = repeat('a', 2)»;
								«select 1»;
								"""),
				named("nested blocks of all kinds",
						"""
								«create definer=`root`@`localhost` procedure p(n int)
								deterministic modifies sql data
								outer_block: begin
								  declare i int default 0;
								  declare c cursor for select a from t for update;
								  declare continue handler for not found set i = 1;
								  declare exit handler for sqlexception, sqlstate '23000' begin rollback; resignal; end;
								  start transaction;
								  if n > 0 then
								    set i = if(n > 1, 2, 3);
								  elseif (n < 0) then begin end;
								  else
								    if n = 0 then select 1; end if;
								  end if;
								  case n when 1 then select 1; else begin select 2; end; end case;
								  case when n = 1 then if true then select 1; end if; end case;
								  l1: loop
								    set i = i + 1;
								    if i > 3 then leave l1; end if;
								  end loop l1;
								  while i > 0 do set i = i - 1; end while;
								  while i < 2 do if i = 1 then set i = 2; else set i = 1; end if; end while;
								  set i = 0;
								  repeat set i = i + 1; until i > 3 end repeat;
								  select case when i > 1 then (select case i when 2 then 3 end) else 4 end into i;
								  return_block: begin do sleep(0); end return_block;
								  insert into t (begin, end) select t.begin, t.end from t where x = repeat('a', 2) on duplicate key update a = replace(a, 'b', 'c');
								  drop table if exists x;
								  commit;
								end outer_block»;
								«select 1»;
								"""),
				named("function",
						"""
								«create function f(a int) returns varchar(10) character set utf8mb4 deterministic
								begin
								  return case when a > 1 then 'x;' else 'y' end;
								end»;
								«create function f(a int) returns int deterministic return case a when 1 then 2 else if(a, 3, 4) end»;
								«create function f(a int) returns boolean no sql return a is null»;
								«create function f(a int) returns set('a','b') deterministic begin return 'a'; end»;
								«create aggregate function g returns integer soname 'g.so'»;
								«select 1»;
								"""),
				named("trigger", """
						«create trigger t before insert on x for each row set new.a = if(new.a, 1, 2)»;
						«create trigger if not exists t before insert on x for each row follows other
						begin
						  set new.end = 1;
						  if new.a is null then signal sqlstate '45000'; end if;
						end»;
						«create trigger t after delete on x for each row if old.a then delete from y; end if»;
						«select 1»;
						"""), named("event", """
						«create event if not exists e on schedule every 1 day starts current_timestamp + interval 1 hour
						comment 'do it; begin' do begin delete from t; delete from u; end»;
						«create event e on schedule every 1 hour do delete from t where a = if(b, 1, 2)»;
						«alter event e on schedule every 2 hour do begin delete from t; end»;
						«alter event e disable»;
						«select 1»;
						"""), named("handler with a block of another kind", """
						«create procedure p() begin
						  declare exit handler for sqlexception if 1 then select 1; end if;
						  select 2;
						end»;
						«select 1»;
						"""), named("body that is one block without BEGIN", """
						«create procedure p(a int) if a then select 1; else select 2; end if»;
						«create procedure p(a int) w: while a > 0 do set a = a - 1; end while w»;
						«create procedure p(a int) case a when 1 then select 1; end case»;
						«create procedure p(a int) repeat set a = a - 1; until a = 0 end repeat»;
						«select 1»;
						"""),
				named("body in another language",
						"""
								«create function f(a int) returns int language javascript as $$ let b = a; return b; $$»;
								«create function f(a int) returns int language javascript as $js$ let b = '$$;'; return b; $js$»;
								«create function f(a int) returns int language javascript as 'return a;'»;
								«select 1 as $a, 2 as $b»;
								"""),
				named("procedure in executable comments without delimiter", """
						«/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 PROCEDURE p()
						begin
						  select 1;
						end */»;
						«select 1»;
						"""), named("DROP and ALTER", """
						«drop procedure if exists p»;
						«alter procedure p comment 'begin'»;
						«drop trigger t»;
						«select 1»;
						"""));
	}

	static Stream<Named<String>> compoundStatementsOfMariaDb() {
		return Stream.of(named("SET STATEMENT", SET_STATEMENT),
				named("Oracle mode outside of stored programs", ORACLE_MODE), named("BEGIN NOT ATOMIC", """
						«begin not atomic
						  declare a int default 1;
						  for i in 1..3 do insert into t values (i); end for;
						  for r in (select x from t) do select r.x; end for;
						end»;
						«select 1»;
						"""), named("blocks outside of stored programs", """
						«if @a = 1 then select 1; end if»;
						«while @a < 3 do set @a = @a + 1; end while»;
						«select 1»;
						"""), named("or replace", """
						«create or replace procedure p() begin select 1; end»;
						«create or replace function f() returns int return 1»;
						«create or replace trigger t before insert on x for each row begin set new.a = 1; end»;
						«select 1»;
						"""), named("Oracle mode", """
						«create procedure p as
						  a int;
						begin
						  a := 1;
						  for i in 1..3 loop insert into t values (i); end loop;
						  while a < 3 loop a := a + 1; end loop;
						  if a = 1 then null; elsif a = 2 then null; end if;
						exception
						  when others then select 1;
						end»;
						«create function f(a int) return int is begin return 1; end»;
						«select 1»;
						"""), named("packages", """
						«create or replace package pkg as
						  a int := 1;
						  procedure p(a int);
						  function f return int;
						end»;
						«create package body pkg as
						  b int := 2;
						  procedure p(a int) as c int; begin select 1; end;
						  function f return int as begin return b; end;
						begin
						  select 2;
						end»;
						«select 1»;
						"""), named("packages in the default mode", """
						«create package pkg
						  procedure p();
						  function f() returns int;
						end»;
						«create or replace package body pkg
						  declare v int default 1;
						  procedure a(x int) l: begin select x; end;
						  procedure b() drop procedure c;
						  set v = 5;
						end»;
						«create package body pkg
						  function f() returns int return 1;
						  procedure p() begin if 1 then select 1; end if; end;
						end»;
						«select 1»;
						"""));
	}

}
