package io.github.migrateboot.script;

import java.util.List;

import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.testing.DbmateCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that {@link ScriptParser} accepts and refuses what dbmate does.
 */
class DbmateCasesTests {

	@ParameterizedTest
	@MethodSource("cases")
	void doesWhatDbmateDoes(DbmateCase one) {
		ScriptParser parser = new ScriptParser(SqlSyntax.SQLITE);
		TestFile file = new TestFile(one.input());
		if (one.applies()) {
			assertThat(parser.parse(file).sections()).hasSize(1);
		}
		else if (one.hasTwoSections()) {
			assertThat(parser.parse(file).sections()).hasSize(2);
		}
		else {
			assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(() -> parser.parse(file))
				.satisfies((ex) -> assertThat(ex.getDescription()).startsWith(TestFile.DESCRIPTION + ", line ")
					.contains(reason(one)));
		}
	}

	private static String reason(DbmateCase one) {
		if (one.name().contains("BOM")) {
			return "byte order mark";
		}
		return switch (one.dbmate()) {
			case "missing-up" -> (one.input().length > 0) ? "no '-- migrate:up' block" : "is empty";
			case "unexpected-statement" -> "something stands before the first '-- migrate:up'";
			case "multiple-down" -> "a second '-- migrate:down'";
			case "missing-down" -> "no '-- migrate:down' follows";
			default -> throw new IllegalArgumentException("Unknown outcome " + one.dbmate());
		};
	}

	static List<DbmateCase> cases() {
		return DbmateCase.all();
	}

}
