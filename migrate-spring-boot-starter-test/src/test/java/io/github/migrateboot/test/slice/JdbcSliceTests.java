package io.github.migrateboot.test.slice;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.status.MigratorStatus;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link JdbcTest} migrates, and once only for all its methods.
 */
@JdbcTest
class JdbcSliceTests {

	private final JdbcClient jdbc;

	private final Migrator migrator;

	@Autowired
	JdbcSliceTests(JdbcClient jdbc, Migrator migrator) {
		this.jdbc = jdbc;
		this.migrator = migrator;
	}

	@Test
	void hasWhatTheMigrationsHaveMade() {
		assertThat(titles()).isEqualTo("Stoner");
		this.jdbc.sql("update book set title = 'Augustus'").update();
		assertThat(this.migrator.status().state()).isEqualTo(MigratorStatus.State.DONE);
	}

	@Test
	void hasItAgainAfterATestWasRolledBack() {
		assertThat(titles()).isEqualTo("Stoner");
		this.jdbc.sql("delete from book").update();
	}

	private String titles() {
		return this.jdbc.sql("select title from book").query(String.class).single();
	}

}
