package io.github.migrateboot.test.slice;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link JdbcTest} can do without the migrations.
 */
@JdbcTest(properties = "migrate.enabled=false")
class DisabledJdbcSliceTests {

	private final JdbcClient jdbc;

	@Autowired
	DisabledJdbcSliceTests(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Test
	void hasAnEmptyDatabase() {
		assertThat(this.jdbc.sql("select count(*) from information_schema.tables where table_schema = 'PUBLIC'")
			.query(Integer.class)
			.single()).isZero();
	}

}
