package io.github.migrateboot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.migrateboot.output.MeasuredFindings;
import io.github.migrateboot.script.ResourceMigrationSource;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Keeps the migration files of an application that is processed ahead of time: those in
 * the default location, and those in the locations that are configured at that moment.
 * Nothing else of the properties is read, because it may not be known yet.
 */
final class MigrationFilesAotProcessor implements BeanFactoryInitializationAotProcessor {

	private static final String DEFAULT_LOCATION = "classpath:db/migrations";

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(MigrateProperties.class, true, false).length == 0) {
			return null;
		}
		List<String> patterns = patterns(beanFactory.getBean(Environment.class));
		return (generationContext, code) -> registerHints(generationContext.getRuntimeHints(), patterns);
	}

	private static List<String> patterns(Environment environment) {
		Binder binder = Binder.get(environment);
		Set<String> locations = new LinkedHashSet<>(List.of(DEFAULT_LOCATION));
		Stream
			.concat(Stream.of(DatabasePropertySource.SHARED), MigrateDatabases.prefixes(environment).values().stream())
			.forEach((prefix) -> locations
				.addAll(binder.bindOrCreate(prefix, Bindable.of(Located.class), null).locations()));
		return new ResourceMigrationSource(List.copyOf(locations), null).resourcePatterns();
	}

	private static void registerHints(RuntimeHints hints, List<String> patterns) {
		patterns.forEach(hints.resources()::registerPattern);
		hints.resources().registerPattern(MeasuredFindings.RESOURCE);
		// PoolSettings calls it, because there is no public way
		hints.reflection()
			.registerType(TypeReference.of("org.apache.commons.dbcp2.BasicDataSource"),
					(type) -> type.withMethod("getConnectionProperties", List.of(), ExecutableMode.INVOKE));
	}

	/**
	 * The only property that is read.
	 *
	 * @param locations where the migration files are
	 */
	record Located(@DefaultValue List<String> locations) {

	}

}
