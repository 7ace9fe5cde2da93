package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.context.ResourceLoaderAware;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternUtils;
import org.springframework.util.ClassUtils;

/**
 * Warns, before the first bean is created, of what will use the schema before migrations
 * of the phase {@code ready} have run.
 */
final class ReadyPhaseWarning implements BeanFactoryPostProcessor, ResourceLoaderAware {

	private static final Logger logger = LoggerFactory.getLogger(ReadyPhaseWarning.class);

	private static final List<String> VALIDATION = List.of("spring.jpa.hibernate.ddl-auto",
			"spring.jpa.properties.hibernate.hbm2ddl.auto",
			"spring.jpa.properties.jakarta.persistence.schema-generation.database.action");

	private static final String EMBEDDED = "embedded";

	private final Environment environment;

	private ResourceLoader resourceLoader = new DefaultResourceLoader();

	ReadyPhaseWarning(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void setResourceLoader(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (MigrateDatabases.migratedWhenReady(this.environment).isEmpty()) {
			return;
		}
		List<String> earlier = new ArrayList<>();
		if (ClassUtils.isPresent("org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean",
				beanFactory.getBeanClassLoader())) {
			VALIDATION.stream()
				.filter((property) -> "validate".equalsIgnoreCase(this.environment.getProperty(property)))
				.forEach((property) -> earlier.add("the validation of the schema by JPA (" + property + "=validate)"));
		}
		List<String> scripts = scripts();
		if (!scripts.isEmpty()) {
			earlier.add("the scripts of spring.sql.init (" + String.join(", ", scripts) + ")");
		}
		if (!earlier.isEmpty()) {
			logger.warn("Migrations run when the application is ready, which is after {}."
					+ " Set migrate.phase=startup to migrate before.", String.join(" and ", earlier));
		}
	}

	private List<String> scripts() {
		// a value that is none is refused when the properties are bound
		String mode = this.environment.getProperty("spring.sql.init.mode", EMBEDDED);
		if ("never".equalsIgnoreCase(mode) || (EMBEDDED.equalsIgnoreCase(mode) && !isEmbedded())) {
			return List.of();
		}
		Binder binder = Binder.get(this.environment);
		return Stream.of("schema", "data")
			.flatMap((kind) -> locations(binder, kind))
			.filter(this::exists)
			.map((location) -> location.substring(location.lastIndexOf('/') + 1))
			.map((location) -> location.substring(location.lastIndexOf(':') + 1))
			.toList();
	}

	private static Stream<String> locations(Binder binder, String kind) {
		String platform = binder.bind("spring.sql.init.platform", String.class).orElse("all");
		return binder.bind("spring.sql.init." + kind + "-locations", Bindable.listOf(String.class))
			.orElse(List.of("classpath*:" + kind + "-" + platform + ".sql", "classpath*:" + kind + ".sql"))
			.stream()
			.map((location) -> location.startsWith("optional:") ? location.substring("optional:".length()) : location);
	}

	private boolean exists(String location) {
		try {
			Resource[] resources = ResourcePatternUtils.getResourcePatternResolver(this.resourceLoader)
				.getResources(location);
			return Stream.of(resources).anyMatch(Resource::exists);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private boolean isEmbedded() {
		String url = this.environment.getProperty("spring.datasource.url");
		return url == null || EmbeddedDatabaseConnection
			.isEmbedded(this.environment.getProperty("spring.datasource.driver-class-name"), url);
	}

}
