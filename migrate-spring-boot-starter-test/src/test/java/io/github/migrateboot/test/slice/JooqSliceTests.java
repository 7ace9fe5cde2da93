package io.github.migrateboot.test.slice;

import org.junit.jupiter.api.Test;

import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureDataSourceInitialization;
import org.springframework.core.annotation.AnnotatedElementUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link JooqTest} gets the migrations by the same way as {@link JdbcTest}.
 * The jOOQ that Spring Boot manages needs Java 21, so none is run.
 */
class JooqSliceTests {

	@Test
	void isMadeOfTheSameImports() {
		assertThat(AnnotatedElementUtils.hasAnnotation(JooqTest.class, AutoConfigureDataSourceInitialization.class))
			.isEqualTo(AnnotatedElementUtils.hasAnnotation(JdbcTest.class, AutoConfigureDataSourceInitialization.class))
			.isTrue();
	}

}
