package io.github.migrateboot.test.slice;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link DataJdbcTest} migrates.
 */
@DataJdbcTest
class DataJdbcSliceTests {

	private final Books books;

	@Autowired
	DataJdbcSliceTests(Books books) {
		this.books = books;
	}

	@Test
	void hasWhatTheMigrationsHaveMade() {
		assertThat(this.books.findAll()).containsExactly(new Book(1, "Stoner"));
	}

}
