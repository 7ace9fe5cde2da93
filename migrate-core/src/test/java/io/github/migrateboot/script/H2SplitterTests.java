package io.github.migrateboot.script;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/**
 * Tests for splitting by the rules of {@link SqlSyntax#H2}.
 */
class H2SplitterTests {

	@ParameterizedTest
	@MethodSource("scripts")
	void splits(String marked) {
		MarkedScript.of(marked).assertSplitBy(SqlSyntax.H2);
	}

	@Test
	void piecesRunOneByOne() throws SQLException {
		String script = """
				create table "a;b" (x varchar(20), `y;` varchar(20)); // it's a table;
				create alias next_value as $$
				int nextValue(int x) { // one more; really
				  return x + 1;
				}
				$$;
				/* a /* nested; */ comment; */
				insert into "a;b" values ('it''s;', $$\\';$$);
				select a$b from (select 1 as a$b);
				insert into "a;b" values (next_value(1), '\\')""";
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
				Statement statement = connection.createStatement()) {
			for (Splitter.Piece piece : SqlSyntax.H2.split(script)) {
				statement.execute(script.substring(piece.start(), piece.end()));
			}
			try (ResultSet rows = statement.executeQuery(
					"select listagg(x || '|' || y, ',') from (select x, \"Y;\" as y from \"a;b\" order by x desc)")) {
				rows.next();
				assertThat(rows.getString(1)).isEqualTo("it's;|\\';,2|\\");
			}
		}
	}

	static Stream<Named<String>> scripts() {
		return Stream.of(named("two statements", """
				«create table a (x int)»;
				«insert into a values (1)»;
				"""), named("java in dollar quotes", """
				«create alias f as $$
				String f(String a) { return a + ";"; }
				$$»;
				«select 1»;
				"""), named("a dollar within an identifier begins nothing", """
				«select a$$b from t»;
				«select $$;$$»;
				"""), named("nested comments", """
				«select /* a /* b; */ c; */ 1»;
				«select 2»;
				"""), named("two kinds of line comments", """
				-- it's;
				// it's;
				«select 4 / 2»; // behind;
				«select 1»;
				"""), named("three kinds of quotes", """
				«select 'it''s;', "a"";", `b;` from t»;
				«select 1»;
				"""), named("a backslash is itself", """
				«select 'a\\'»;
				«select 'b;\\'»;
				"""), named("unicode string", """
				«select U&'\\0041;', U&"\\0041;"»;
				«select 1»;
				"""), named("a carriage return alone ends a comment", "// c\r«select 1»;\n"),
				named("a no-break space is a blank", "\u00a0«select 1»;\u00a0«select 2»;"));
	}

}
