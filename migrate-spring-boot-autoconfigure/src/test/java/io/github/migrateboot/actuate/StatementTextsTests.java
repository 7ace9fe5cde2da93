package io.github.migrateboot.actuate;

import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockHolder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatementTexts}.
 */
class StatementTextsTests {

	private static final String SQL = "insert into t values ('wombat')";

	private static final String ERROR = "Duplicate 'wombat' [SQLSTATE 23000, code 1062]";

	private static final LockHolder HOLDER = new LockHolder("4711", "web-1/17", null, SQL);

	private static final MigrationFailedException FAILURE = new MigrationFailedException(
			FailureText.of("Line 2: ").and(new FailureText(ERROR, "SQLSTATE 23000, code 1062")), "Fix it.", null);

	@Test
	void areShown() {
		StatementTexts texts = StatementTexts.of(true);
		assertThat(texts.statement(SQL)).isEqualTo(SQL);
		assertThat(texts.failure(FAILURE)).isEqualTo("Line 2: " + ERROR);
		assertThat(texts.error(ERROR)).isEqualTo(ERROR);
		assertThat(texts.unexpected(new IllegalStateException(SQL))).contains(SQL);
		assertThat(texts.holder(HOLDER)).isEqualTo("web-1/17 (session 4711), running: " + SQL);
	}

	@Test
	void areHiddenAndLeavePlaceAndCode() {
		StatementTexts texts = StatementTexts.of(false);
		assertThat(texts.statement(SQL)).isEqualTo("******");
		assertThat(texts.failure(FAILURE)).isEqualTo("Line 2: SQLSTATE 23000, code 1062");
		assertThat(texts.error(ERROR)).isEqualTo("SQLSTATE 23000, code 1062");
		assertThat(texts.error("cut off: wombat")).isEqualTo("******");
		assertThat(texts.unexpected(new IllegalStateException(SQL))).isEqualTo("java.lang.IllegalStateException");
		assertThat(texts.holder(HOLDER)).isEqualTo("web-1/17 (session 4711)");
	}

	@Test
	void areNotInventedWhereThereAreNone() {
		for (StatementTexts texts : StatementTexts.values()) {
			assertThat(texts.statementOrNull(null)).isNull();
			assertThat(texts.errorOrNull(null)).isNull();
		}
	}

}
