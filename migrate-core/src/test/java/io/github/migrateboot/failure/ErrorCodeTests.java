package io.github.migrateboot.failure;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorCode}.
 */
class ErrorCodeTests {

	@Test
	void hasStateAndCode() {
		assertThat(ErrorCode.of(new SQLException("no", "42P01", 0))).isEqualTo("SQLSTATE 42P01, code 0");
		assertThat(ErrorCode.of(new SQLException("no", null, 19))).isEqualTo("code 19");
	}

	@Test
	void isFoundAtTheEndOfADescription() {
		assertThat(ErrorCode.in("ERROR: no \"x\" [code 1] [SQLSTATE 42P01, code 0]"))
			.isEqualTo("SQLSTATE 42P01, code 0");
		assertThat(ErrorCode.in("no\n[code -5]\n")).isEqualTo("code -5");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no", "[SQLSTATE 42P01, code 0] and more", "[SQLSTATE a secret, code 0]",
			"[SQLSTATE 42P01, code zero]", "[SQLSTATE 42P01]" })
	void isNotFoundInAnythingElse(String description) {
		assertThat(ErrorCode.in(description)).isNull();
	}

}
