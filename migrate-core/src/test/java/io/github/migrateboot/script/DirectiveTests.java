package io.github.migrateboot.script;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Directive}.
 */
class DirectiveTests {

	/**
	 * dbmate's expressions with RE2's blanks written out.
	 */
	private static final Pattern UP_OR_DOWN = Pattern.compile(
			"^--[\\t\\n\\f\\r ]*migrate:(?:up|down)(?:[\\t\\n\\f\\r ]*$|[\\t\\n\\f\\r ]+[^\\t\\n\\f\\r ]+)",
			Pattern.MULTILINE | Pattern.UNIX_LINES);

	private static final String[] PARTS = { "--", "-- ", "migrate:up", "migrate:down", "migrate:", " ", "\n", "\r",
			"\t", "\f", "\u000b", "\u00a0", "x", "-- migrate:up", "\n-- migrate:down", "transaction:false" };

	@Test
	void findsWhatTheExpressionsOfDbmateFind() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		for (int i = 0; i < 20_000; i++) {
			StringBuilder text = new StringBuilder();
			for (int parts = random.nextInt(12); parts > 0; parts--) {
				text.append(PARTS[random.nextInt(PARTS.length)]);
			}
			Matcher matcher = UP_OR_DOWN.matcher(text);
			assertThat(Directive.findAll(text.toString())).extracting(Directive::offset)
				.as("seed %d, text %s", seed, text)
				.containsExactlyElementsOf(matcher.results().map((result) -> result.start()).toList());
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			' transaction:false', false
			'\ttransaction:false\t', false
			' transaction:false and some words', false
			' a:b transaction:false', false
			' transaction:true transaction:false', false
			' transaction:false a:b:c', false
			'  transaction:false\u00a0', false
			' \u3000transaction:false', false
			'', true
			' transaction:true', true
			' transaction:false transaction:true', true
			' transaction:false transaction:', true
			' transaction:FALSE', true
			' Transaction:false', true
			' transaction:no', true
			' transaction:0', true
			' transaction: false', true
			' transaction :false', true
			' transaction:false;', true
			' transaction:false:', true
			' transaction=false', true
			' a\u00a0transaction:false', true
			""")
	void readsOptionsAsDbmateDoes(String rest, boolean transactional) {
		assertThat(Directive.findAll("-- migrate:up" + rest + "\nselect 1;")).singleElement()
			.extracting(Directive::isTransactional)
			.isEqualTo(transactional);
	}

	@Test
	void readsOptionsFromTheFirstLineOnly() {
		assertThat(Directive.findAll("-- migrate:up\ntransaction:false").get(0).isTransactional()).isTrue();
		assertThat(Directive.findAll("--\nmigrate:up transaction:false").get(0).isTransactional()).isTrue();
	}

}
