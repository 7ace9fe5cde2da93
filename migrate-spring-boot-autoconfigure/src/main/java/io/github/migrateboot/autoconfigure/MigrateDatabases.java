package io.github.migrateboot.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.github.migrateboot.autoconfigure.MigrateProperties.Phase;
import io.github.migrateboot.failure.Causes;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.settings.MigratorSettings.Mode;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * The databases of {@code migrate.databases}, each with its properties, which are those
 * of {@code migrate.*} where it has none of its own.
 */
final class MigrateDatabases {

	private static final ConfigurationPropertyName DATABASES = DatabasePropertySource.SHARED.append("databases");

	private static final String LOCATIONS = "locations";

	/** An entry that has one of the first two inherits none of them. */
	private static final List<ConfigurationPropertyName> WHERE = List.of(DatabasePropertySource.SHARED.append("url"),
			DatabasePropertySource.SHARED.append("data-source"),
			DatabasePropertySource.SHARED.append("driver-class-name"));

	private final MigrateProperties shared;

	private final Map<String, MigrateProperties> named;

	private final Map<String, ConfigurationPropertyName> prefixes;

	private MigrateDatabases(MigrateProperties shared, Map<String, MigrateProperties> named,
			Map<String, ConfigurationPropertyName> prefixes) {
		this.shared = shared;
		this.named = Collections.unmodifiableMap(named);
		this.prefixes = prefixes;
	}

	/**
	 * Bind the databases.
	 * @param environment where the properties are
	 * @param shared the properties of all databases
	 * @return the databases
	 */
	static MigrateDatabases bind(Environment environment, MigrateProperties shared) {
		Map<String, MigrateProperties> named = new LinkedHashMap<>();
		Map<String, ConfigurationPropertyName> prefixes = prefixes(environment);
		prefixes.forEach((name, prefix) -> {
			MigrateProperties properties = bind(environment, prefix);
			requireMode(prefix, properties.mode(), shared.mode());
			named.put(name, properties);
		});
		requireLocations(environment, prefixes);
		return new MigrateDatabases(shared, named, prefixes);
	}

	private static void requireMode(ConfigurationPropertyName prefix, Mode own, Mode shared) {
		if (own == Mode.APPLY_AND_EXIT && shared != Mode.APPLY_AND_EXIT) {
			throw new InvalidSettingException(
					prefix + ".mode is apply-and-exit, which is for an application and not for one database.",
					"Set migrate.mode to apply-and-exit, which migrates all of them and exits.");
		}
		if (own == Mode.PLAN && shared != Mode.PLAN) {
			throw new InvalidSettingException(
					prefix + ".mode is plan, which is for an application and not for one database.",
					"Set migrate.mode to plan, which says what would be migrated in all of them and exits.");
		}
	}

	/**
	 * Return the properties by name, in their order; none if there is but one database.
	 */
	Map<String, MigrateProperties> named() {
		return this.named;
	}

	/**
	 * Return the properties of a database.
	 * @param name the database's name
	 */
	MigrateProperties get(String name) {
		return this.named.getOrDefault(name, this.shared);
	}

	/**
	 * Return the prefix of a database's properties.
	 * @param name the database's name
	 */
	String prefix(String name) {
		return this.prefixes.getOrDefault(name, DatabasePropertySource.SHARED).toString();
	}

	boolean isEnabled(String name) {
		return get(name).enabled();
	}

	/**
	 * Return the prefix of the properties of each named database. Sources that override
	 * others, such as environment variables, do not change the order.
	 */
	static Map<String, ConfigurationPropertyName> prefixes(Environment environment) {
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		ConfigurationPropertySources.get(environment).forEach(sources::add);
		Collections.reverse(sources);
		int size = DATABASES.getNumberOfElements();
		Map<ConfigurationPropertyName, String> names = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : sources) {
			if (source.containsDescendantOf(DATABASES) == ConfigurationPropertyState.ABSENT) {
				continue;
			}
			DatabasePropertySource.names(source)
				.filter((name) -> DATABASES.isAncestorOf(name) && name.getNumberOfElements() > size + 1)
				.filter((name) -> !KubernetesVariables.have(source, name))
				.forEach((name) -> names.putIfAbsent(name.chop(size + 1),
						name.getElement(size, ConfigurationPropertyName.Form.ORIGINAL)));
		}
		Map<String, ConfigurationPropertyName> prefixes = new LinkedHashMap<>();
		names.forEach((prefix, name) -> prefixes.put(name, prefix));
		return prefixes;
	}

	/**
	 * Return the prefixes of the properties of the databases that are migrated when the
	 * application is ready. Nothing is bound, because that may have failed.
	 */
	static List<String> migratedWhenReady(Environment environment) {
		Collection<ConfigurationPropertyName> named = prefixes(environment).values();
		return (named.isEmpty() ? List.of(DatabasePropertySource.SHARED) : named).stream()
			.map(ConfigurationPropertyName::toString)
			.filter((prefix) -> is(environment, prefix + ".enabled", "true")
					&& is(environment, prefix + ".phase", Phase.READY.name()))
			.toList();
	}

	/**
	 * Return whether a property has a value, which also is the default.
	 */
	private static boolean is(Environment environment, String property, String value) {
		String shared = DatabasePropertySource.SHARED + property.substring(property.lastIndexOf('.'));
		return value.equalsIgnoreCase(environment.getProperty(property, environment.getProperty(shared, value)));
	}

	private static MigrateProperties bind(Environment environment, ConfigurationPropertyName prefix) {
		List<ConfigurationPropertySource> own = new ArrayList<>();
		List<ConfigurationPropertySource> inherited = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			own.add(new DatabasePropertySource(source, prefix));
			inherited.add(source);
		}
		boolean elsewhere = own.stream()
			.anyMatch((source) -> source.getConfigurationProperty(WHERE.get(0)) != null
					|| source.getConfigurationProperty(WHERE.get(1)) != null);
		List<ConfigurationPropertySource> sources = new ArrayList<>(own);
		inherited.stream()
			.map((source) -> elsewhere ? source.filter((name) -> !WHERE.contains(name)) : source)
			.forEach(sources::add);
		try {
			return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment))
				.bindOrCreate(DatabasePropertySource.SHARED.toString(), Bindable.of(MigrateProperties.class));
		}
		catch (BindException ex) {
			throw withRealNames(prefix, ex);
		}
	}

	/**
	 * Say where the value is that is refused: what all databases inherit was accepted
	 * before.
	 */
	private static RuntimeException withRealNames(ConfigurationPropertyName prefix, BindException failure) {
		for (Throwable cause : Causes.of(failure)) {
			if (cause instanceof MigrationException refused) {
				return new InvalidSettingException(refused.getDescription().replace("migrate.", prefix + "."),
						refused.getAction().replace("migrate.", prefix + "."), failure);
			}
		}
		return failure;
	}

	/**
	 * Refuse several databases without a word about their files: each would get those of
	 * the others.
	 */
	private static void requireLocations(Environment environment, Map<String, ConfigurationPropertyName> prefixes) {
		if (isSet(environment, DatabasePropertySource.SHARED.append(LOCATIONS))) {
			return;
		}
		List<String> without = prefixes.keySet()
			.stream()
			.filter((name) -> !isSet(environment, Objects.requireNonNull(prefixes.get(name)).append(LOCATIONS)))
			.toList();
		if (without.size() > 1) {
			throw new InvalidSettingException(
					"The databases %s have no locations of their own, so each would get the same migrations."
						.formatted(String.join(", ", without)),
					"Set %s for each, or migrate.locations if they are to get the same migrations."
						.formatted(without.stream()
							.map((name) -> prefixes.get(name) + "." + LOCATIONS)
							.collect(Collectors.joining(", "))));
		}
	}

	private static boolean isSet(Environment environment, ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
