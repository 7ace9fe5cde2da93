package io.github.migrateboot.script;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.github.migrateboot.failure.MalformedMigrationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that {@link ScriptParser} accepts and refuses what dbmate does. The cases were
 * recorded with dbmate 2.36.0.
 */
class DbmateCasesTests {

	record Case(String name, byte[] input, String dbmate) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	@ParameterizedTest
	@MethodSource("cases")
	void doesWhatDbmateDoes(Case one) {
		ScriptParser parser = new ScriptParser(SqlSyntax.SQLITE);
		TestFile file = new TestFile(one.input());
		if ("applies".equals(one.dbmate())) {
			assertThat(parser.parse(file).sections()).hasSize(1);
		}
		else if ("two-sections".equals(one.dbmate())) {
			assertThat(parser.parse(file).sections()).hasSize(2);
		}
		else {
			assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(() -> parser.parse(file))
				.satisfies((ex) -> assertThat(ex.getDescription()).startsWith(TestFile.DESCRIPTION + ", line ")
					.contains(reason(one)));
		}
	}

	private static String reason(Case one) {
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

	static List<Case> cases() throws Exception {
		List<Case> cases = new ArrayList<>();
		try (InputStream in = DbmateCasesTests.class.getResourceAsStream("/dbmate-cases.json")) {
			for (JsonNode node : JsonMapper.shared().readTree(in).get("cases")) {
				cases.add(new Case(node.get("name").asString(),
						Base64.getDecoder().decode(node.get("input_base64").asString()),
						node.get("dbmate").asString()));
			}
		}
		assertThat(cases).hasSizeGreaterThan(20);
		return cases;
	}

}
