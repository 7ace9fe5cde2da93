package io.github.migrateboot.script;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import io.github.migrateboot.failure.MalformedMigrationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ScriptParser}.
 */
class ScriptParserTests {

	private final ScriptParser parser = new ScriptParser(SqlSyntax.POSTGRESQL);

	@Test
	void readsStatementsWithTheLinesOfTheFile() {
		Script script = parse("""
				-- Copyright

				-- migrate:up
				create table a (x int);

				-- comment
				insert into a
				  values (1); select 1;
				-- migrate:down
				drop table a;
				""");
		assertThat(script.sections()).singleElement().satisfies((section) -> {
			assertThat(section.transactional()).isTrue();
			assertThat(section.statements()).containsExactly(
					new SqlStatement(1, 4, "create table a (x int)", SqlStatement.Kind.ORDINARY),
					new SqlStatement(2, 7, "insert into a\n  values (1)", SqlStatement.Kind.DATA),
					new SqlStatement(3, 8, "select 1", SqlStatement.Kind.DATA));
		});
		assertThat(script.warnings()).isEmpty();
	}

	@Test
	void numbersStatementsThroughAllSections() {
		Script script = parse("""
				-- migrate:up transaction:false
				select 1;
				-- migrate:down
				select 'not read;
				-- migrate:up
				select 2;
				select 3;
				-- migrate:down transaction:false
				""");
		assertThat(script.sections()).hasSize(2);
		assertThat(script.sections().get(0).transactional()).isFalse();
		assertThat(script.sections().get(0).statements()).extracting(SqlStatement::number).containsExactly(1);
		assertThat(script.sections().get(1).transactional()).isTrue();
		assertThat(script.sections().get(1).statements()).extracting(SqlStatement::number).containsExactly(2, 3);
		assertThat(script.sections().get(1).statements()).extracting(SqlStatement::line).containsExactly(6, 7);
	}

	@Test
	void readsAnEmptyBlock() {
		assertThat(parse("-- migrate:up\n-- migrate:down").sections()).singleElement()
			.satisfies((section) -> assertThat(section.statements()).isEmpty());
	}

	@Test
	void sendsADirectiveBrokenOverTwoLinesAsDbmateDoes() {
		assertThat(parse("--\nmigrate:up\nselect 1;\n-- migrate:down").sections().get(0).statements()).singleElement()
			.satisfies((statement) -> assertThat(statement.text()).isEqualTo("migrate:up\nselect 1"));
	}

	@Test
	void checksumIgnoresLineEndingsOnly() {
		String content = "-- migrate:up\nselect 1;\n-- migrate:down\n";
		String checksum = parse(content).checksum();
		assertThat(checksum).isEqualTo("0b182fc82a6cc616f2a6fce483e6f55bf2152c4a8fb1ebf7d35086fe8ef43d67");
		assertThat(parse(content.replace("\n", "\r\n")).checksum()).isEqualTo(checksum);
		assertThat(parse(content.replace(";\n", ";\r\r\n")).checksum()).isNotEqualTo(checksum);
		assertThat(parse(content + "\r").checksum()).isNotEqualTo(checksum);
		assertThat(parse(content + " ").checksum()).isNotEqualTo(checksum);
	}

	@Test
	void refusesByteOrderMarks() {
		assertRefused(TestFile.of("\ufeff-- migrate:up\n-- migrate:down\n"),
				"line 1: the file begins with a UTF-8 byte order mark (bytes EF BB BF)",
				"Save the file as UTF-8 without a byte order mark.");
		assertRefused(new TestFile("\ufeff-- migrate:up\n".getBytes(StandardCharsets.UTF_16LE)),
				"line 1: the file begins with a UTF-16 byte order mark",
				"Save the file as UTF-8 without a byte order mark.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\r\n\t\n" })
	void refusesAnEmptyFile(String content) {
		assertRefused(TestFile.of(content), "line 1: the file is empty.", "Write a migration into it");
	}

	@Test
	void refusesAFileWithoutUpBlock() {
		assertRefused(TestFile.of("select 1;\n-- migrate:down\n"), "line 1: the file has no '-- migrate:up' block.",
				"Write the line '-- migrate:up' above the first statement.");
	}

	@Test
	void pointsToWhatWasMeantAsADirective() {
		assertRefused(TestFile.of("\n  -- migrate:up\n-- migrate:down\n"),
				"no '-- migrate:up' block. Line 2 looks like a directive and is none.", "first column, in lower case");
		assertRefused(TestFile.of("-- migrate:up\n\n--migrate:Down\n"),
				"no '-- migrate:down' follows this '-- migrate:up'. Line 3 looks like a directive and is none.",
				"first column, in lower case");
	}

	@Test
	void refusesStatementsBeforeTheFirstUpBlock() {
		assertRefused(TestFile.of("-- comment\n\n  set x = 1;\n-- migrate:up\n-- migrate:down\n"),
				"line 3: something stands before the first '-- migrate:up' (line 4).",
				"Move it below '-- migrate:up', or make it a '--' comment.");
	}

	@Test
	void refusesASecondDownBlock() {
		assertRefused(TestFile.of("-- migrate:up\nselect '\n-- migrate:down\n';\n-- migrate:down\n"),
				"line 5: a second '-- migrate:down' for the same '-- migrate:up'; the first is on line 3.",
				"indent a line that is not meant as a directive");
	}

	@Test
	void refusesASectionWithoutDownBlock() {
		assertRefused(TestFile.of("-- migrate:up\n-- migrate:down\n-- migrate:up\nselect 1;\n"),
				"line 3: no '-- migrate:down' follows this '-- migrate:up'.",
				"Write the line '-- migrate:down' behind the statements of the block");
	}

	@Test
	void refusesInTheOrderOfDbmate() {
		assertRefused(TestFile.of("select 1;\n-- migrate:up\n"), "line 1: something stands before", "Move it below");
		assertRefused(TestFile.of("-- migrate:up\n-- migrate:up\n-- migrate:down\n-- migrate:down\n"),
				"line 4: a second '-- migrate:down'", "Leave one");
	}

	@Test
	void refusesInvalidUtf8() {
		byte[] content = "-- migrate:up\nselect 'é';\n-- migrate:down\n".getBytes(StandardCharsets.ISO_8859_1);
		assertRefused(new TestFile(content),
				"line 2: the file is not valid UTF-8 at byte offset 22 (counted from 0), where the byte is E9.",
				"Save the file as UTF-8.");
		byte[] cutOff = Arrays.copyOf("-- migrate:up\n-- migrate:down é".getBytes(StandardCharsets.UTF_8), 31);
		assertRefused(new TestFile(cutOff), "line 2: the file is not valid UTF-8 at byte offset 30", "Save the file");
		byte[] surrogate = HexFormat.of().parseHex("eda080");
		assertRefused(new TestFile(surrogate), "line 1: the file is not valid UTF-8 at byte offset 0", "Save the file");
	}

	@Test
	void takesTheCharacterThatStandsForMalformedBytesElsewhere() {
		Script script = this.parser.parse(TestFile.of("-- migrate:up\nselect '\uFFFD é 😀';\n-- migrate:down\n"));
		assertThat(script.sections().get(0).statements()).extracting(SqlStatement::text)
			.containsExactly("select '\uFFFD é 😀'");
	}

	@Test
	void refusesNulInAStatementButNotBetween() {
		assertRefused(TestFile.of("-- migrate:up\n-- \0\nselect 1;\nselect\n'a\0b';\n-- migrate:down\n"),
				"line 5: a statement contains a NUL byte", "Remove the byte.");
		assertThat(parse("-- migrate:up\n-- \0\nselect 1;\n-- migrate:down \0\n").sections().get(0).statements())
			.hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "transaction:FALSE", "transaction:no", "transaction:0", "transaction:false;",
			"Transaction:false", "transaction=false", "transactional:false", "no-transaction", "tx:false" })
	void warnsOfAMisspeltOption(String option) {
		assertThat(parse("\n-- migrate:up " + option + "\n-- migrate:down\n").warnings()).singleElement()
			.asString()
			.startsWith("Line 2: the option '" + option + "' is not understood")
			.contains("only 'transaction:false' switches the transaction off");
	}

	@Test
	void warnsOfAnOptionWithABlankInIt() {
		assertThat(parse("-- migrate:up\n-- migrate:down transaction: false\n").warnings()).singleElement()
			.asString()
			.startsWith("Line 2: the option 'transaction: false' is not understood");
	}

	@ParameterizedTest
	@ValueSource(strings = { "transaction:false", "transaction:true", "create transaction table", "a:b",
			"see https://example.com/transfer" })
	void doesNotWarnOfOtherWords(String words) {
		assertThat(parse("-- migrate:up " + words + "\n-- migrate:down\n").warnings()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a comment~/*", "a string~select '", "a quotation~select \"", "a quotation~do $x$" })
	void warnsOfADirectiveInsideSomething(String whatAndOpening) {
		String[] parts = whatAndOpening.split("~");
		assertThat(parse("-- migrate:up\nselect 1;\n" + parts[1] + "\n-- migrate:down\n").warnings())
			.containsExactly("Line 4: '-- migrate:down' stands in " + parts[0]
					+ " that begins on line 3; it is taken as a directive all the same and ends the block.");
	}

	@Test
	void warnsOfAnUpDirectiveInsideADownBlock() {
		assertThat(parse("-- migrate:up\n-- migrate:down\n/*\n-- migrate:up\n-- migrate:down\n").warnings())
			.containsExactly(
					"Line 4: '-- migrate:up' stands in a comment that begins on line 3; it is taken as a directive all the same and ends the block.");
	}

	@ParameterizedTest
	@ValueSource(strings = { " -- migrate:down", "-- Migrate:Up", "-- migrate:downs", "--\u00a0migrate:down",
			"select 1; -- migrate:down", "# migrate:down", "/* migrate:down */", "--- migrate:down",
			"-- migrate : down", "-- migrate: down" })
	void warnsOfWhatLooksLikeADirective(String line) {
		assertThat(parse("-- migrate:up\n" + line + "\n-- migrate:down\n").warnings()).containsExactly("Line 2: '"
				+ line
				+ "' looks like a directive and is none: a directive begins in the first column, in lower case, and a blank or the line's end follows it.");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "-- we migrate up to here: down there", "-- migrated:up", "select 'x:up'", "-- migrate:it" })
	void doesNotWarnOfOrdinaryComments(String line) {
		assertThat(parse("-- migrate:up\n" + line + "\n-- migrate:down\n").warnings()).isEmpty();
	}

	@Test
	void warnsOfADownBlockBeforeTheFirstUpBlock() {
		assertThat(parse("-- migrate:down\n-- migrate:up\n-- migrate:down\n").warnings()).containsExactly(
				"Line 1: '-- migrate:down' stands before the first '-- migrate:up' and is taken as a comment.");
	}

	@Test
	void warnsOfADirectiveThatMysqlTakesForAnExpression() {
		TestFile file = TestFile.of("--migrate:up\nselect 1;\n--migrate:down\n");
		assertThat(new ScriptParser(SqlSyntax.MYSQL).parse(file).warnings()).singleElement()
			.asString()
			.startsWith("Line 1: '--migrate:up' without a blank after the dashes");
		assertThat(this.parser.parse(file).warnings()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(60)
	void readsTenMegabytesInOneStatement(SqlSyntax syntax) {
		String value = "it''s -- /* \u00e9 $ ; \n".repeat(500_000);
		Script script = new ScriptParser(syntax)
			.parse(TestFile.of("-- migrate:up\ninsert into a values ('" + value + "');\nselect 1;\n-- migrate:down\n"));
		assertThat(script.sections().get(0).statements()).hasSize(2)
			.last()
			.extracting(SqlStatement::line)
			.isEqualTo(500_003);
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(60)
	void readsFilesWithManyStatements(SqlSyntax syntax) {
		for (int count : new int[] { 5_000, 100_000 }) {
			String statements = "-- it's one;\ninsert into a values (';', 1);\n".repeat(count);
			Script script = new ScriptParser(syntax)
				.parse(TestFile.of("-- migrate:up\n" + statements + "-- migrate:down\n"));
			assertThat(script.sections().get(0).statements()).hasSize(count)
				.last()
				.isEqualTo(new SqlStatement(count, 2 * count + 1, "insert into a values (';', 1)",
						SqlStatement.Kind.DATA));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "/*", "case ", "$$", "'", "\"", "-- migrate:Up ", "-", "migrate:", " ", "$a", "\n",
			"--\n", "e'\\'", "begin atomic " })
	@Timeout(60)
	void readsLongRepetitions(String part) {
		for (SqlSyntax syntax : SqlSyntax.values()) {
			String text = "create function f() " + part.repeat(500_000 / part.length()) + "\n-- migrate:down\n";
			assertThat(new ScriptParser(syntax).parse(TestFile.of("-- migrate:up\n" + text)).sections()).hasSize(1);
		}
	}

	private Script parse(String content) {
		return this.parser.parse(TestFile.of(content));
	}

	private void assertRefused(TestFile file, String description, String action) {
		assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(() -> this.parser.parse(file))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).startsWith(TestFile.DESCRIPTION + ", line ").contains(description);
				assertThat(ex.getAction()).contains(action);
			});
	}

}
