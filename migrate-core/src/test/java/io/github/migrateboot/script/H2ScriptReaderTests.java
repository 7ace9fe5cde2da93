package io.github.migrateboot.script;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.h2.tools.Csv;
import org.h2.util.ScriptReader;
import org.h2.util.Utils;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that scripts are split as H2's own reader of scripts splits them, in its regular
 * mode.
 */
class H2ScriptReaderTests {

	private static final int SCRIPTS = 20_000;

	/**
	 * What can stand side by side in any order. Left out is what the reader and H2's
	 * parser take differently: {@code $$} behind anything but a blank, and a backtick.
	 */
	private static final List<String> PARTS = List.of("'", "''", "\"", " $$", "$1", "\\", "-", "--", "#", "/*", "*/",
			"/", "//", ";", ";", "(", ")", "[", "]", " ", "\n", "\r", "\r\n", "\t", "create ", "alias ", "as", "begin ",
			"end", "E'", "U&'", "U&\"", "x", "a$b", "1", "1e3", ".", "@", "?1", ":", "é", "\u00a0", "\ud83d\ude00");

	@Test
	void splitsTheHelpOfEachCommand() throws IOException, SQLException {
		String help = new String(Utils.getResource("/org/h2/res/help.csv"), StandardCharsets.UTF_8);
		String table = help.substring(help.indexOf("\"SECTION\""));
		List<String> texts = new ArrayList<>();
		try (ResultSet rows = new Csv().read(new StringReader(table), null)) {
			while (rows.next()) {
				texts.add(rows.getString("SYNTAX"));
				texts.add(rows.getString("TEXT"));
				texts.add(rows.getString("EXAMPLE"));
			}
		}
		assertThat(texts).hasSizeGreaterThan(1000);
		for (String text : texts) {
			assertSplitAsTheReaderDoes(text, text);
		}
		assertSplitAsTheReaderDoes(String.join(";\n", texts), "all of the help");
	}

	@Test
	void splitsTheScriptOfADatabase() throws SQLException {
		StringBuilder script = new StringBuilder();
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
				Statement statement = connection.createStatement()) {
			statement.execute(
					"""
							create domain "d;" as varchar(9) default ';' check (value <> '''');
							create table "t;""--" ("c/*" int primary key, v "d;", w varchar(99) default '//;');
							comment on table "t;""--" is 'it''s; -- /* fine $$';
							create alias f as $$ int f(int a) { // it's;
							  return a + ";".length(); } $$;
							create view v as select case when "c/*" > 1 then ';' end as "end;" from "t;""--";
							create constant k value ';';
							create role "r;";
							insert into "t;""--" values (1, 'a;b', U&'\\000a;\\00e9'), (2, null, '/*;*/'), (3, '--;', $$';'$$)""");
			try (ResultSet rows = statement.executeQuery("script")) {
				while (rows.next()) {
					script.append(rows.getString(1)).append('\n');
				}
			}
		}
		assertThat(script).contains("CREATE FORCE ALIAS", "COMMENT 'it''s", "INSERT INTO");
		assertSplitAsTheReaderDoes(script.toString(), script.toString());
	}

	@Test
	void splitsAnything() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < SCRIPTS; i++) {
			StringBuilder script = new StringBuilder();
			for (int count = random.nextInt(30); count > 0; count--) {
				script.append(PARTS.get(random.nextInt(PARTS.size())));
			}
			// In a comment the reader takes signs by twos, H2's parser doesn't.
			if (script.indexOf("//*") >= 0 || script.indexOf("**/") >= 0) {
				continue;
			}
			assertSplitAsTheReaderDoes(script.toString(), "seed %d, script %s".formatted(seed, script));
		}
	}

	private static void assertSplitAsTheReaderDoes(String script, String description) {
		List<String> expected = new ArrayList<>();
		try (ScriptReader reader = new ScriptReader(new StringReader(script))) {
			for (String statement = reader.readStatement(); statement != null; statement = reader.readStatement()) {
				expected.addAll(trim(statement));
			}
		}
		assertThat(new SqlRules(SqlSyntax.H2).statements(script)).as(description).isEqualTo(expected);
	}

	/**
	 * The reader keeps the comments around a statement, which may be nothing but them.
	 */
	private static List<String> trim(String statement) {
		int start = -1;
		int end = 0;
		Lexer lexer = SqlSyntax.H2.lexer(statement);
		while (lexer.next()) {
			if (lexer.type() != Lexer.Type.BLANK && lexer.type() != Lexer.Type.COMMENT) {
				start = (start < 0) ? lexer.start() : start;
				end = lexer.end();
			}
		}
		return (start < 0) ? List.of() : List.of(statement.substring(start, end));
	}

}
