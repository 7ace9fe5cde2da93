package io.github.migrateboot.database;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConcurrentIndexes}; what they build is tested where migrations are
 * resumed.
 */
class ConcurrentIndexesTests {

	private final ConcurrentIndexes indexes = new ConcurrentIndexes();

	@ParameterizedTest
	@CsvSource({ "create index concurrently i on t (a), true", "CREATE UNIQUE INDEX CONCURRENTLY ON t (a), true",
			"create/*/**/index--\tx, false", "create index concurrently_built on t (a), false" })
	void knowsCreation(String statement, boolean creation) {
		assertThat(this.indexes.isCreation(statement)).isEqualTo(creation);
	}

	/**
	 * A pattern must not need more of the stack the longer the text is.
	 */
	@ParameterizedTest
	@ValueSource(strings = { " ", "\n-- about it\n", "/* about it */" })
	void longGapsAreNoTrouble(String gap) {
		String statement = "create " + gap.repeat(50_000) + "index" + gap.repeat(50_000) + " concurrently i on t (a)";
		assertThat(this.indexes.isCreation(statement)).isTrue();
	}

}
