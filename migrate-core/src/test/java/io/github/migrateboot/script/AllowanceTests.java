package io.github.migrateboot.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Allowance}.
 */
class AllowanceTests {

	@Test
	void areFoundWhereverTheyStandInTheFile() {
		Script script = parse("""
				-- migrate:allow copy: ten rows
				-- migrate:up
				alter table t modify a bigint;
				  --  migrate:allow index-build : nobody writes at night: see #12
				create index i on t (a);
				-- migrate:down
				""");
		assertThat(script.allowances()).containsExactly(new Allowance(1, "copy", "ten rows"),
				new Allowance(4, "index-build", "nobody writes at night: see #12"));
		assertThat(script.allowed("index-build")).contains("nobody writes at night: see #12");
		assertThat(script.allowed("rewrite")).isEmpty();
		assertThat(script.warnings()).isEmpty();
	}

	@Test
	void linesMayEndAsWindowsEndsThem() {
		Script script = parse("-- migrate:up\r\n-- migrate:allow copy: ten rows\r\n-- migrate:down\r\n");
		assertThat(script.allowances()).containsExactly(new Allowance(2, "copy", "ten rows"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- migrate:allow", "-- migrate:allow copy", "-- migrate:allow copy:",
			"-- migrate:allow copy:   ", "-- migrate:allow : ten rows" })
	void allowNothingWithoutAnIdAndAReason(String line) {
		Script script = parse("-- migrate:up\nselect 1;\n" + line + "\n-- migrate:down\n");
		assertThat(script.allowed("copy")).isEmpty();
		assertThat(script.warnings()).singleElement().asString().startsWith("Line 3: '-- migrate:allow' without");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- migrate:allowed copy: x", "-- see migrate:allow copy: x",
			"select 1; -- migrate:allow copy: x", "-- Migrate:allow copy: x" })
	void nothingElseIsOne(String line) {
		assertThat(parse("-- migrate:up\n" + line + "\n-- migrate:down\n").allowances()).isEmpty();
	}

	private static Script parse(String text) {
		return new ScriptParser(SqlSyntax.MYSQL).parse(TestFile.of(text));
	}

}
