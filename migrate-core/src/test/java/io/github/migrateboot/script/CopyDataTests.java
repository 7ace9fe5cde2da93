package io.github.migrateboot.script;

import java.util.List;

import io.github.migrateboot.failure.MalformedMigrationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CopyData} and {@link PsqlCommands}.
 */
class CopyDataTests {

	private static List<SqlStatement> parse(SqlSyntax syntax, String up) {
		return new ScriptParser(syntax).parse(TestFile.of("-- migrate:up\n" + up + "\n-- migrate:down\n"))
			.sections()
			.get(0)
			.statements();
	}

	private static List<SqlStatement> parse(String up) {
		return parse(SqlSyntax.POSTGRESQL, up);
	}

	@Test
	void dataBelongToTheirStatement() {
		List<SqlStatement> statements = parse("""
				select 1;
				copy t from stdin;
				it's; $$
				\\.
				copy t from stdin ; -- twice
				\\.
				select 2;
				""");
		assertThat(statements).extracting(SqlStatement::text)
			.containsExactly("select 1", "copy t from stdin", "copy t from stdin", "select 2");
		assertThat(statements).extracting(SqlStatement::data).containsExactly(null, "it's; $$\n", "", null);
		assertThat(statements).extracting(SqlStatement::line).containsExactly(2, 3, 6, 8);
		assertThat(statements).extracting(SqlStatement::number).containsExactly(1, 2, 3, 4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "copy t from stdin", "COPY public.t (a, \"b\") FROM STDIN", "copy binary t from stdin",
			"copy t from stdout", "copy \"from\" (a) from stdin with (format csv, delimiter ';')",
			"copy t\n/* from 'file' */ from -- to\n stdin", "copy t from stdin where a > 1" })
	void statementsThatReadData(String copy) {
		assertThat(parse(copy + ";\n1\n\\.\n")).singleElement().extracting(SqlStatement::data).isEqualTo("1\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "copy t from '/tmp/stdin'", "copy t from program 'cat stdin'", "copy t to '/tmp/stdout'",
			"copy (select a from stdin) to '/tmp/a'", "select 'copy t from stdin'", "create table copy (a int)" })
	void statementsThatReadNone(String statement) {
		assertThat(parse(statement + ";\nselect 1;")).hasSize(2).extracting(SqlStatement::data).containsOnlyNulls();
	}

	@Test
	void otherDatabasesHaveNoCopy() {
		assertThat(parse(SqlSyntax.H2, "copy t from stdin;\nselect 1;")).hasSize(2);
	}

	@Test
	void linesOfDumpsAreSkipped() {
		assertThat(parse("\\restrict a1B2\n\nselect 1;\n  \\unrestrict a1B2\nselect 2;\n\\unrestrict a1B2"))
			.extracting(SqlStatement::text)
			.containsExactly("select 1", "select 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\restricted", "\\d", "\\!rm", "select 1\n\\g", "\\.", "select 1 \\; select 2" })
	void commandsAreRefusedOnTheirLine(String command) {
		int line = command.startsWith("select 1\n") ? 4 : 3;
		assertThatExceptionOfType(MalformedMigrationException.class)
			.isThrownBy(() -> parse("select 'a;';\n" + command + "\nselect 2;"))
			.withMessageContaining(TestFile.DESCRIPTION + ", line " + line + ": \\")
			.withMessageContaining("psql");
	}

}
