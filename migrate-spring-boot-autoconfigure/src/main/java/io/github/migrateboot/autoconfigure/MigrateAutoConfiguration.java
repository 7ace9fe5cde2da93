package io.github.migrateboot.autoconfigure;

import java.util.Map;

import javax.sql.DataSource;

import io.github.migrateboot.MigrationConnections;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorSettings.Mode;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.script.ResourceMigrationSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that runs migrations when the
 * application is ready.
 * <p>
 * The order of the methods is the order in which their conditions are evaluated.
 * {@code migrate.enabled} is no condition, because conditions are evaluated at build time
 * when an application is processed ahead of time.
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@Conditional(MigrateAutoConfiguration.SomethingToMigrateCondition.class)
@EnableConfigurationProperties(MigrateProperties.class)
public final class MigrateAutoConfiguration {

	@Bean
	@ConditionalOnSingleCandidate(DataSource.class)
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class, MigrationConnections.class })
	DataSourceConnections migrationConnections(DataSource dataSource) {
		return new DataSourceConnections(dataSource);
	}

	@Bean
	@ConditionalOnBean(MigrationConnections.class)
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class, MigrationSource.class })
	ResourceMigrationSource migrationSource(MigrateProperties properties, ResourceLoader resourceLoader) {
		return new ResourceMigrationSource(properties.locations(), resourceLoader.getClassLoader());
	}

	@Bean
	@ConditionalOnBean({ MigrationConnections.class, MigrationSource.class })
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class })
	Migrator migrator(MigrationSource source, MigrationConnections connections, MigrateProperties properties,
			Environment environment) {
		String application = environment.getProperty("spring.application.name", "application");
		return new Migrator(source, connections, properties.settings(Instance.current(application)));
	}

	@Bean
	@ConditionalOnBean(value = Migrator.class, search = SearchStrategy.CURRENT)
	@ConditionalOnMissingBean
	Migrators migrators(Map<String, Migrator> migrators) {
		return (migrators.size() == 1) ? Migrators.of(migrators.values().iterator().next()) : new Migrators(migrators);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateOnReadyListener migrateOnReadyListener(Migrators migrators, MigrateProperties properties,
			ApplicationContext context) {
		return new MigrateOnReadyListener(migrators, properties.enabled(), context);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateAndExit migrateAndExit(Migrators migrators, MigrateProperties properties, ApplicationContext context) {
		boolean active = properties.enabled() && properties.mode() == Mode.APPLY_AND_EXIT;
		return new MigrateAndExit(migrators, active, context, System::exit);
	}

	@Bean
	@ConditionalOnMissingBean(Migrators.class)
	AmbiguousDataSourceListener ambiguousDataSourceListener(MigrateProperties properties, ApplicationContext context) {
		return new AmbiguousDataSourceListener(properties.enabled(), context);
	}

	/**
	 * Matches if there is a DataSource, or what makes one unnecessary.
	 */
	static final class SomethingToMigrateCondition extends AnyNestedCondition {

		SomethingToMigrateCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(DataSource.class)
		static final class OnDataSource {

		}

		@ConditionalOnBean(MigrationConnections.class)
		static final class OnMigrationConnections {

		}

		@ConditionalOnBean(Migrator.class)
		static final class OnMigrator {

		}

		@ConditionalOnBean(Migrators.class)
		static final class OnMigrators {

		}

	}

}
