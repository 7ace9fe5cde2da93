package io.github.migrateboot.test.slice;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link DataJpaTest} migrates.
 */
@DataJpaTest
class DataJpaSliceTests {

	private final TestEntityManager entities;

	@Autowired
	DataJpaSliceTests(TestEntityManager entities) {
		this.entities = entities;
	}

	@Test
	void hasWhatTheMigrationsHaveMade() {
		assertThat(this.entities.find(BookEntity.class, 1L).title).isEqualTo("Stoner");
	}

}
