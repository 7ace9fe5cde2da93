package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what holds for any script: random ones are split, and the seed is part of each
 * message.
 */
class SplitterPropertyTests {

	private static final int SCRIPTS = 3_000;

	private static final List<String> STATEMENTS = List.of("select 1", "create table a (x int, y text)",
			"insert into a values ('it''s; -- /* fine', \"b;\"\"c\")", "select /* ; ' */ 1", "select 1 -- it's; \n + 2",
			"update a\nset x = case when y then 1 else 2 end\nwhere z = ';'", "begin", "commit", "select\n\n\n'\n'",
			"select a_b1, 'é;ü', 1.5e3 from t where (x < 1 or y > 2)", "create view v as select 1");

	private static final List<String> GAPS = List.of("", " ", "\n", "\r\n", "\t\n \n", " -- it's; a \"comment\n",
			"/* it's; \n a comment */", "\n/**/\n");

	@ParameterizedTest
	@EnumSource
	void findsTheStatementsFromWhichAScriptWasAssembled(SqlSyntax syntax) {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<String> statements = concat(STATEMENTS, statementsOf(syntax));
		List<String> gaps = concat(GAPS, gapsOf(syntax));
		for (int i = 0; i < SCRIPTS; i++) {
			StringBuilder script = new StringBuilder();
			List<String> expected = new ArrayList<>();
			List<Integer> starts = new ArrayList<>();
			for (int count = random.nextInt(6); count >= 0; count--) {
				script.append(pick(gaps, random));
				String delimiter = chooseDelimiter(syntax, random, script);
				starts.add(script.length());
				expected.add(pick(statements, random));
				script.append(expected.get(expected.size() - 1)).append(pick(gaps, random)).append(delimiter);
				if (!";".equals(delimiter)) {
					script.append("\nDELIMITER ;\n");
				}
			}
			String text = script.append(pick(gaps, random)).toString();
			List<Splitter.Piece> pieces = syntax.split(text);
			assertThat(pieces).as("seed %d, script %s", seed, text)
				.extracting((piece) -> text.substring(piece.start(), piece.end()))
				.containsExactlyElementsOf(expected);
			assertThat(pieces).as("seed %d, script %s", seed, text)
				.extracting(Splitter.Piece::start)
				.containsExactlyElementsOf(starts);
		}
	}

	@ParameterizedTest
	@EnumSource
	void tokensOfAnythingJoinedAreTheScript(SqlSyntax syntax) {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < SCRIPTS; i++) {
			String text = noise(random);
			Lexer lexer = syntax.lexer(text);
			StringBuilder joined = new StringBuilder();
			while (lexer.next()) {
				assertThat(lexer.end()).as("seed %d, script %s", seed, text).isGreaterThan(lexer.start());
				joined.append(text, lexer.start(), lexer.end());
			}
			assertThat(joined).as("seed %d", seed).hasToString(text);
		}
	}

	@ParameterizedTest
	@EnumSource
	void piecesOfAnythingWithWhatLiesBetweenAreTheScript(SqlSyntax syntax) {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < SCRIPTS; i++) {
			String text = noise(random);
			StringBuilder joined = new StringBuilder();
			int end = 0;
			for (Splitter.Piece piece : syntax.split(text)) {
				String between = text.substring(end, piece.start());
				assertThat(syntax.split(between)).as("seed %d, between %s in %s", seed, between, text).isEmpty();
				joined.append(between).append(text, piece.start(), piece.end());
				end = piece.end();
			}
			String rest = text.substring(end);
			assertThat(syntax.split(rest)).as("seed %d, rest %s of %s", seed, rest, text).isEmpty();
			assertThat(joined.append(rest)).as("seed %d", seed).hasToString(text);
		}
	}

	private static List<String> statementsOf(SqlSyntax syntax) {
		return switch (syntax) {
			case POSTGRESQL -> List.of("do $$ begin; perform 'x'; end; $$", "do $b$ $$;' $b$", "select E'\\';'",
					"select 'a\\'", "select /* /* ; */ ' */ 1", "select a$b$", "select $1",
					"create function f() returns int begin atomic select case when 1 then 2 end; select 2; end",
					"create rule r as on insert to a do (select 1; select 2)", "end", "select U&'d;\\'");
			case MYSQL -> List.of("select 'a\\';', \"b\\\";\"", "select `a``;\\`", "select 5--2", "/*! set @a = ';' */",
					"select 1 # it's;\n+ 1", "create procedure p() begin if a then select 1; end if; end",
					"create trigger t before insert on a for each row begin set new.end = if(1, 2, 3); end",
					"create function f() returns int return case 1 when 2 then 3 end",
					"create procedure p() begin declare exit handler for not found begin end; repeat set a = 1; until case a when 1 then 1 end end repeat; l: loop leave l; end loop l; end",
					"begin not atomic select 1; end");
			case SQLITE -> List.of("select [a;'b]", "select `a;`", "select 'a\\'",
					"create trigger t after insert on a begin select case when 1 then 2 end; select 'end;'; end",
					"create temp trigger t after insert on a begin delete from b; end", "end");
			case H2 -> List.of("select $$;'$$", "select `a;`", "select 'a\\'", "select a$$b", "select 1 // it's;\n + 1",
					"select /* /* ; */ ' */ 1");
		};
	}

	private static List<String> gapsOf(SqlSyntax syntax) {
		return switch (syntax) {
			case POSTGRESQL -> List.of("/* /* ; */ it's */", "-- a\r");
			case MYSQL -> List.of("# it's; a `comment\n", "/* /* ; it's */", "--\n");
			case SQLITE -> List.of("/* /* ; it's */");
			case H2 -> List.of("/* /* ; */ it's */", "// it's; a comment\n", "-- a\r", "\u00a0");
		};
	}

	/**
	 * Now and then set the delimiter that MySQL's clients allow to be set.
	 */
	private static String chooseDelimiter(SqlSyntax syntax, Random random, StringBuilder script) {
		if (syntax != SqlSyntax.MYSQL || random.nextInt(4) > 0) {
			return ";";
		}
		String delimiter = pick(List.of("//", "$$", "|", ";;"), random);
		script.append("\nDELIMITER ").append(delimiter).append('\n');
		return delimiter;
	}

	private static String noise(Random random) {
		List<String> parts = List.of("'", "\"", "`", "[", "]", "$$", "$a$", "$", "\\", "--", "-- ", "#", "/*", "*/",
				"/*!", "//", ";", ";", "(", ")", " ", "\n", "\r", "create ", "procedure ", "function ", "trigger ",
				"begin ", "atomic ", "end ", "case ", "if ", "loop ", "E'", "x", "1", ".", "@", ":", "é", "\u00a0",
				"\0", "\ud83d\ude00");
		StringBuilder text = new StringBuilder();
		for (int count = random.nextInt(40); count > 0; count--) {
			text.append(pick(parts, random));
		}
		return text.toString();
	}

	private static List<String> concat(List<String> some, List<String> more) {
		List<String> all = new ArrayList<>(some);
		all.addAll(more);
		return all;
	}

	private static String pick(List<String> list, Random random) {
		return list.get(random.nextInt(list.size()));
	}

}
