package io.github.migrateboot.autoconfigure;

import java.util.Map;

import javax.sql.DataSource;

import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationFilesAotProcessor}.
 */
class MigrationFilesAotProcessorTests {

	@Test
	void keepsTheDefaultLocation() {
		RuntimeHints hints = process(true, Map.of());
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/1_first.sql")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("META-INF/migrate/findings.json")).accepts(hints);
		// The folder itself, which is looked for.
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/notes.txt")).rejects(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/below/1_first.sql")).rejects(hints);
	}

	@Test
	void keepsWhatIsConfiguredForEachVendorAndDatabase() {
		RuntimeHints hints = process(true,
				Map.of("migrate.locations", "classpath:/sql/{vendor}/, classpath*:more, file:elsewhere",
						"migrate.databases.reports.locations[0]", "classpath:reports-{vendor}", "migrate.password",
						"${NOT_KNOWN_YET}"));
		for (String kept : new String[] { "sql/postgresql/1.sql", "sql/h2/1.sql", "more/1.sql", "reports-mysql/1.sql",
				"db/migrations/1.sql", "sql/postgresql", "more" }) {
			assertThat(RuntimeHintsPredicates.resource().forResource(kept)).as(kept).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.resource().forResource("elsewhere/1.sql")).rejects(hints);
	}

	@Test
	void keepsNothingWhereThereIsNothingToMigrate() {
		assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/1_first.sql"))
			.rejects(process(false, Map.of()));
	}

	@Test
	void keepsWhatIsCalledByReflection() throws NoSuchMethodException {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(BasicDataSource.class.getDeclaredMethod("getConnectionProperties")))
			.accepts(process(true, Map.of()));
	}

	@Test
	void keepsWhatIsBound() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(MigrateProperties.class)
			.and(RuntimeHintsPredicates.reflection().onType(MigrateProperties.Lock.class)))
			.accepts(process(true, Map.of()));
	}

	private RuntimeHints process(boolean withDataSource, Map<String, Object> properties) {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(getClass())), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
			if (withDataSource) {
				context.register(OneDataSource.class);
			}
			context.register(MigrateAutoConfiguration.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		return generation.getRuntimeHints();
	}

	@Configuration(proxyBeanMethods = false)
	static class OneDataSource {

		@Bean
		DataSource dataSource() {
			return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
		}

	}

}
