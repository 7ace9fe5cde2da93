package io.github.migrateboot.script;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that servers take the statements into which scripts are split, one by one, and
 * that they do what was written.
 */
class SplitterServerTests {

	private static final String POSTGRES_SCRIPT = """
			create table log (id int generated always as identity, what text); -- it's a table;
			create table t ("a;b" int);
			create function plpgsql_logger() returns trigger language plpgsql as $body$
			begin
			  insert into log (what) values ('trigger;' || new."a;b");
			  execute $$insert into log (what) values ('inner; dollars')$$;
			  return new;
			end;
			$body$;
			create trigger tr before insert on t for each row execute function plpgsql_logger();
			create or replace procedure atomic(x int) begin atomic
			  insert into log (what) values (case x when 1 then 'one;' else 'other;' end);
			  insert into log (what) select end_ from (select 'end;' as end_) as case_;
			  insert into log (what) select s.end from (select 'called end' as end) s;
			end;
			create rule r as on delete to t do also (insert into log (what) values ('rule 1;'); insert into log (what) values ('rule 2'));
			/* /* nested; */ it's */ call atomic(1);
			insert into t values (7);
			delete from t;
			insert into log (what) values (E'it\\'s;'), ('back\\'), (U&'\\0041;'), (E'\\\\;');
			do $$ begin insert into log (what) values ('do;'); end $$;
			create index concurrently i on log (what)""";

	private static final List<String> POSTGRES_LOG = List.of("one;", "end;", "called end", "trigger;7",
			"inner; dollars", "rule 1;", "rule 2", "it's;", "back\\", "A;", "\\;", "do;");

	private static final String MYSQL_SCRIPT = """
			create table log (id int auto_increment primary key, what varchar(100)); # it's a table;
			create table t (`a;b` int, `begin` int, `end` int);
			create procedure note(in what varchar(100)) insert into log (what) values (if(what is null, 'null;', what));
			create function describe_it(n int) returns varchar(100) deterministic
			begin
			  return case when n > 1 then 'many;' else repeat('one;', 1) end;
			end;
			create function is_null(n int) returns int deterministic return n is null;
			create function pick(n int) returns varchar(10) deterministic return case n when 1 then 'a' else 'b' end;
			create trigger tr before insert on t for each row if new.end is null then set new.end = 5; call note('trigger;'); end if;
			create trigger tr2 before insert on t for each row follows tr begin call note(concat('end ', new.end)); end;
			create procedure everything(n int)
			modifies sql data
			outer_block: begin
			  declare i int default 0;
			  declare done int default 0;
			  declare c cursor for select id from log for update;
			  declare continue handler for not found begin set done = 1; end;
			  declare exit handler for sqlexception begin rollback; resignal; end;
			  open c;
			  close c;
			  if n > 0 then
			    set i = if(n > 1, 2, 3);
			  elseif (n < 0) then begin end;
			  else
			    if n = 0 then select 1; end if;
			  end if;
			  case n when 1 then call note('case;'); else begin select 2; end; end case;
			  case when n = 1 then if true then call note('case 2;'); end if; end case;
			  l1: loop
			    set i = i + 1;
			    if i > 5 then leave l1; end if;
			  end loop l1;
			  while i > 0 do set i = i - 1; end while;
			  while i < 2 do if i = 1 then set i = 2; else set i = 1; end if; end while;
			  set i = 0;
			  repeat set i = i + 1; until case i when 3 then true else false end end repeat;
			  inner_block: begin do sleep(0); end inner_block;
			  call note(concat('i is ', i));
			  insert into t (begin, end) select t.begin, t.end from t where t.begin is not null;
			end outer_block;
			insert into t (`a;b`) values (1);
			call everything(1);
			call note(describe_it(2)); -- it's; many
			call note(describe_it(1));
			insert into log (what) values ('it\\'s;'), ("a"";"), ('--'), (concat(5--2, ';'));
			/*!40101 insert into log (what) values ('executable;') */;
			DELIMITER //
			create procedure delimited() begin call note('//'); call note(pick(1)); end//
			DELIMITER ;
			call delimited();
			/*!50003 create*/ /*!50003 procedure versioned()
			begin
			  call note('versioned;');
			end */;
			call versioned()""";

	private static final List<String> MYSQL_LOG = List.of("trigger;", "end 5", "case;", "case 2;", "i is 3", "many;",
			"one;", "it's;", "a\";", "--", "7;", "executable;", "//", "a", "versioned;");

	private static final String MYSQL_EVENTS = """
			create table log (id int auto_increment primary key, what varchar(100));
			create event if not exists e on schedule every 1 year starts current_timestamp + interval 1 year
			comment 'do;' do begin delete from log; if 1 = 1 then delete from log; end if; end;
			alter event e on schedule every 2 year starts current_timestamp + interval 1 year do begin delete from log; delete from log; end;
			create event f on schedule every 1 year starts current_timestamp + interval 1 year do delete from log where what = if(1, 2, 3);
			insert into log (what) values ('done')""";

	private static final String MARIADB_SCRIPT = """
			create table log (id int auto_increment primary key, what varchar(100));
			begin not atomic
			  declare a int default 1;
			  for i in 1..2 do insert into log (what) values (concat('for ', i)); end for;
			  for r in (select 3 as x) do insert into log (what) values (concat('for ', r.x)); end for;
			end;
			if 1 = 1 then insert into log (what) values ('if'); end if;
			set @a = 0;
			while @a < 1 do set @a = @a + 1; end while;
			create or replace procedure p() begin insert into log (what) values ('p'); end;
			call p();
			set sql_mode = 'ORACLE';
			create or replace procedure q as
			  a int;
			begin
			  a := 1;
			  for i in 1..1 loop insert into log (what) values ('loop'); end loop;
			  while a < 3 loop a := a + 1; end loop;
			  if a = 1 then null; elsif a = 3 then insert into log (what) values ('elsif'); end if;
			exception
			  when others then insert into log (what) values ('exception');
			end;
			call q();
			create or replace package pkg as
			  procedure p(a int);
			  function f return int;
			end;
			create or replace package body pkg as
			  b int := 2;
			  procedure p(a int) as c int; begin c := a; insert into log (what) values (concat('package ', c, b)); end;
			  function f return int as begin return b; end;
			begin
			  insert into log (what) values ('init');
			end;
			call pkg.p(1)""";

	private static final List<String> MARIADB_LOG = List.of("for 1", "for 2", "for 3", "if", "p", "loop", "elsif",
			"init", "package 12");

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void postgresqlTakesEachStatement(TestServer server) throws SQLException {
		assertThat(run(server, SqlSyntax.POSTGRESQL, POSTGRES_SCRIPT)).isEqualTo(POSTGRES_LOG);
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void mysqlAndMariaDbTakeEachStatement(TestServer server) throws SQLException {
		assertThat(run(server, SqlSyntax.MYSQL, MYSQL_SCRIPT)).isEqualTo(MYSQL_LOG);
	}

	@ParameterizedTest
	@EnumSource(names = "MYSQL")
	void mysqlTakesEvents(TestServer server) throws SQLException {
		assertThat(run(server, SqlSyntax.MYSQL, MYSQL_EVENTS)).containsExactly("done");
	}

	@ParameterizedTest
	@EnumSource(names = "MARIADB")
	void mariaDbTakesEachCompoundStatement(TestServer server) throws SQLException {
		assertThat(run(server, SqlSyntax.MYSQL, MARIADB_SCRIPT)).isEqualTo(MARIADB_LOG);
	}

	private static List<String> run(TestServer server, SqlSyntax syntax, String script) throws SQLException {
		try (TestDatabase database = server.create()) {
			try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
				for (Splitter.Piece piece : syntax.split(script)) {
					statement.execute(script.substring(piece.start(), piece.end()));
				}
			}
			return new JdbcTemplate(database.dataSource()).queryForList("select what from log order by id",
					String.class);
		}
	}

}
