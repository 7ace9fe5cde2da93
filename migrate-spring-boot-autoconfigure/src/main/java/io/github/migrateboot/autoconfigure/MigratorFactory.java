package io.github.migrateboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorBuilder;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.script.ResourceMigrationSource;
import org.jspecify.annotations.Nullable;

/**
 * Builds migrators.
 */
final class MigratorFactory {

	private final Instance instance;

	private final @Nullable ClassLoader classLoader;

	private final List<MigratorCustomizer> customizers;

	/**
	 * Create a factory.
	 * @param instance this instance
	 * @param classLoader where migrations on the class path are
	 * @param customizers what to ask before a migrator is built, in order
	 */
	MigratorFactory(Instance instance, @Nullable ClassLoader classLoader, List<MigratorCustomizer> customizers) {
		this.instance = instance;
		this.classLoader = classLoader;
		this.customizers = customizers;
	}

	MigrationSource source(MigrateProperties properties) {
		return new ResourceMigrationSource(properties.locations(), this.classLoader);
	}

	Migrator create(String name, MigrationSource source, MigrationConnections connections,
			MigrateProperties properties) {
		MigratorBuilder builder = new MigratorBuilder(name, source, connections, properties.settings(this.instance));
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	/**
	 * Create the migrators of several databases.
	 * @param databases the databases
	 * @param factory how to connect to them
	 */
	Migrators create(MigrateDatabases databases, ConnectionsFactory factory) {
		Map<String, Migrator> migrators = new LinkedHashMap<>();
		Map<Object, String> places = new LinkedHashMap<>();
		databases.named().forEach((name, properties) -> {
			String prefix = databases.prefix(name);
			MigrationConnections connections = factory.create(prefix, properties, true);
			Object place = List.of(destination(connections), properties.table());
			String same = places.putIfAbsent(place, name);
			if (same != null && properties.enabled() && databases.isEnabled(same)) {
				throw new InvalidSettingException(
						"The databases '%s' and '%s' are the same one, with the same history table %s.".formatted(same,
								name, properties.table()),
						"Set %s.data-source or .url to another database, or %s.table to another table."
							.formatted(prefix, prefix));
			}
			migrators.put(name, create(name, source(properties), connections, properties));
		});
		return new Migrators(migrators);
	}

	private static Object destination(MigrationConnections connections) {
		if (connections instanceof DataSourceConnections ofDataSource) {
			return ofDataSource.destination();
		}
		return (connections instanceof DirectConnections direct) ? direct.destination() : connections;
	}

}
