package io.github.migrateboot.autoconfigure;

import java.time.Duration;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationListener;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that runs migrations when the
 * application is ready or while its beans are created.
 * <p>
 * The order of the methods is the order in which their conditions are evaluated.
 * {@code migrate.enabled} is no condition, because conditions are evaluated at build time
 * when an application is processed ahead of time. Every bean's name begins with
 * {@code migrate}, so that an application may name its own as it likes.
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@Conditional(MigrateAutoConfiguration.SomethingToMigrateCondition.class)
@EnableConfigurationProperties(MigrateProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class MigrateAutoConfiguration {

	@Bean
	MigrateDatabases migrateDatabases(Environment environment, MigrateProperties properties) {
		return MigrateDatabases.bind(environment, properties);
	}

	@Bean
	ConnectionsFactory migrateConnectionsFactory(ListableBeanFactory beanFactory, ObjectProvider<DataSource> dataSource,
			@MigrateDataSource ObjectProvider<DataSource> migrateDataSource,
			ObjectProvider<MigrateConnectionDetails> details) {
		return new ConnectionsFactory(beanFactory, dataSource, migrateDataSource, details);
	}

	@Bean
	MigratorFactory migrateMigratorFactory(Environment environment, ResourceLoader resourceLoader,
			ObjectProvider<MigratorCustomizer> customizers) {
		String application = environment.getProperty("spring.application.name", "application");
		return new MigratorFactory(Instance.current(application), resourceLoader.getClassLoader(),
				customizers.orderedStream().toList());
	}

	@Bean
	@Conditional(OnNamedDatabasesCondition.class)
	@ConditionalOnMissingBean
	Migrators migrateNamedMigrators(MigrateDatabases databases, MigratorFactory factory,
			ConnectionsFactory connectionsFactory, ListableBeanFactory beanFactory) {
		for (Class<?> type : new Class<?>[] { Migrator.class, MigrationConnections.class, MigrationSource.class }) {
			String[] names = beanFactory.getBeanNamesForType(type);
			if (names.length > 0) {
				throw new InvalidSettingException(
						"There are databases in migrate.databases, and a bean '%s' of type %s, which is for a single one."
							.formatted(names[0], type.getSimpleName()),
						"Remove one of them. A MigratorCustomizer can change what the migrator of each database is"
								+ " built from.");
			}
		}
		return factory.create(databases, connectionsFactory);
	}

	@Bean
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class, MigrationConnections.class })
	MigrationConnections migrateConnections(MigrateProperties properties, ConnectionsFactory factory) {
		return factory.create("migrate", properties, false);
	}

	@Bean
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class, MigrationSource.class })
	MigrationSource migrateSource(MigrateProperties properties, MigratorFactory factory) {
		return factory.source(properties);
	}

	@Bean
	@ConditionalOnMissingBean({ Migrators.class, Migrator.class })
	Migrator migrateMigrator(MigrationSource source, MigrationConnections connections, MigrateProperties properties,
			MigratorFactory factory) {
		return factory.create(Migrators.DEFAULT_NAME, source, connections, properties);
	}

	@Bean
	@ConditionalOnBean(value = Migrator.class, search = SearchStrategy.CURRENT)
	@ConditionalOnMissingBean
	Migrators migrateMigrators(Map<String, Migrator> migrators) {
		return (migrators.size() == 1) ? Migrators.of(migrators.values().iterator().next()) : new Migrators(migrators);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrationRunner migrateRunner(Migrators migrators, MigrateDatabases databases,
			ObjectProvider<MigrationStrategy> strategy) {
		return new MigrationRunner(migrators, databases, strategy.getIfAvailable());
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateOnReadyListener migrateOnReadyListener(MigrationRunner runner, ApplicationContext context) {
		return new MigrateOnReadyListener(runner, context);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateAndExit migrateAndExit(MigrationRunner runner, MigrateShutdownHook shutdownHook,
			MigrateProperties properties, ApplicationContext context) {
		Mode mode = properties.mode();
		if (properties.enabled() && mode == Mode.PLAN) {
			return new MigrateAndExit(() -> runner.plan(properties.plan()), mode, context, System::exit);
		}
		boolean active = properties.enabled() && mode == Mode.APPLY_AND_EXIT;
		return new MigrateAndExit(() -> runner.runRestAndEnd(shutdownHook), active ? mode : null, context,
				System::exit);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateSchemaManagementProvider migrateSchemaManagementProvider(ObjectProvider<Migrators> migrators,
			MigrateDatabases databases) {
		return new MigrateSchemaManagementProvider(migrators, databases);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	static ReadyPhaseWarning migrateReadyPhaseWarning(Environment environment) {
		return new ReadyPhaseWarning(environment);
	}

	@Bean
	@Conditional(OnStartupPhaseCondition.class)
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateOnStartup migrateOnStartup(MigrationRunner runner, MigrateShutdownHook shutdownHook, MigrateAndExit exit) {
		return new MigrateOnStartup(runner, shutdownHook, exit);
	}

	@Bean
	@ConditionalOnBean(MigrateOnStartup.class)
	static LazyInitializationExcludeFilter migrateOnStartupIsNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(MigrateOnStartup.class);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateLifecycle migrateLifecycle(Migrators migrators, ObjectProvider<LifecycleProperties> lifecycle) {
		return new MigrateLifecycle(migrators, phaseTimeout(lifecycle));
	}

	@Bean
	MigrationEvents migrateEvents(ApplicationEventPublisher publisher) {
		return new MigrationEvents(publisher);
	}

	@Bean
	static MigrationListenersPostProcessor migrateListenersPostProcessor(
			ObjectProvider<MigrationListener.Factory> listeners) {
		return new MigrationListenersPostProcessor(listeners);
	}

	@Bean
	@ConditionalOnBean(value = Migrators.class, search = SearchStrategy.CURRENT)
	MigrateShutdownHook migrateShutdownHook(Migrators migrators, ObjectProvider<LifecycleProperties> lifecycle) {
		return new MigrateShutdownHook(migrators, phaseTimeout(lifecycle));
	}

	private static Duration phaseTimeout(ObjectProvider<LifecycleProperties> lifecycle) {
		return lifecycle.stream()
			.map(LifecycleProperties::getTimeoutPerShutdownPhase)
			.findFirst()
			.orElse(Duration.ofSeconds(10));
	}

	/**
	 * Matches if there is a database, or what makes one unnecessary.
	 */
	static final class SomethingToMigrateCondition extends AnyNestedCondition {

		SomethingToMigrateCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(DataSource.class)
		static final class OnDataSource {

		}

		@ConditionalOnBean(MigrateConnectionDetails.class)
		static final class OnConnectionDetails {

		}

		@ConditionalOnProperty("migrate.url")
		static final class OnUrl {

		}

		@Conditional(OnNamedDatabasesCondition.class)
		static final class OnNamedDatabases {

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
