package io.github.migrateboot.script;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/**
 * Tests for splitting by the rules of {@link SqlSyntax#SQLITE}.
 */
class SqliteSplitterTests {

	@ParameterizedTest
	@MethodSource("scripts")
	void splits(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.SQLITE);
	}

	@Test
	void piecesRunOneByOne() throws SQLException {
		String script = """
				create table [a;b] (x text, "y;" text, `z;` text); -- it's a table;
				create table log (what text);
				/* a /* comment; */
				create trigger t after insert on [a;b] begin
				  insert into log values (case when new.x = ';' then 'semicolon' else 'other' end);
				  insert into log values ('end;');
				end;
				insert into [a;b] values (';', 'it''s', '\\');
				insert into [a;b] values ('--', '/*', ']')""";
		List<String> log = new ArrayList<>();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
				Statement statement = connection.createStatement()) {
			for (Splitter.Piece piece : SqlSyntax.SQLITE.split(script)) {
				statement.execute(script.substring(piece.start(), piece.end()));
			}
			try (ResultSet rows = statement.executeQuery("select what from log order by rowid")) {
				while (rows.next()) {
					log.add(rows.getString(1));
				}
			}
		}
		assertThat(log).containsExactly("semicolon", "end;", "other", "end;");
	}

	static Stream<Named<String>> scripts() {
		return Stream.of(named("two statements", """
				«create table a (x int)»;
				«insert into a values (1)»;
				"""), named("trigger", """
				«CREATE TRIGGER t AFTER INSERT ON a BEGIN
				  UPDATE a SET x = CASE WHEN new.x > 1 THEN 2 ELSE 3 END;
				  SELECT 'END;';
				END»;
				«select 1»;
				"""), named("temporary trigger with comments between", """
				«create /* ; */ temp trigger if not exists t -- ;
				before delete on a when case old.x when 1 then 1 end begin
				  select case 1 when 1 then 2 end;
				  delete from b; -- the end;
				end -- of it
				»;
				«select 1»;
				""".replace("end -- of it\n»", "end» -- of it\n")), named("transaction", """
				«begin immediate»;
				«insert into a values (1)»;
				«end»;
				«begin transaction»;
				«end transaction»;
				"""), named("four kinds of quotes", """
				«select 'it''s;', "a"";", `b``;`, [c;"d'e] from [t;]»;
				«select 1»;
				"""), named("a backslash is itself", """
				«select 'a\\'»;
				«select 'b;\\'»;
				"""), named("comments are not nested", """
				/* a /* b; */ «select 1»;
				-- it's; a comment
				«select 2» --;
				"""), named("a comment may be left open", """
				«select 1»;
				/* the end;
				"""), named("a table called trigger", """
				«create table trigger_log (x int)»;
				«create table "trigger" (x int)»;
				«drop trigger t»;
				"""), named("expressions with CASE", """
				«create view v as select case when x then y end as e from t»;
				«select 1»;
				"""), named("arrow operators", """
				«select a ->> '$.b;c', x'00' || ';' from t»;
				«select 1»;
				"""));
	}

}
