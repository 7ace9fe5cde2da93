package io.github.migrateboot.autoconfigure;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Shows the properties of one database, {@code migrate.databases.<name>.*}, as those of
 * all, {@code migrate.*}. A property keeps its real name.
 */
final class DatabasePropertySource implements IterableConfigurationPropertySource {

	static final ConfigurationPropertyName SHARED = ConfigurationPropertyName.of("migrate");

	private final ConfigurationPropertySource source;

	private final ConfigurationPropertyName prefix;

	DatabasePropertySource(ConfigurationPropertySource source, ConfigurationPropertyName prefix) {
		this.source = source;
		this.prefix = prefix;
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
		return (name != null && SHARED.isAncestorOf(name)) ? this.source.getConfigurationProperty(real(name)) : null;
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		boolean shared = SHARED.equals(name) || SHARED.isAncestorOf(name);
		return shared ? this.source.containsDescendantOf(real(name)) : ConfigurationPropertyState.ABSENT;
	}

	@Override
	public Stream<ConfigurationPropertyName> stream() {
		return names(this.source).filter(this.prefix::isAncestorOf)
			.map((name) -> SHARED.append(name.subName(this.prefix.getNumberOfElements())));
	}

	static Stream<ConfigurationPropertyName> names(ConfigurationPropertySource source) {
		return (source instanceof IterableConfigurationPropertySource iterable) ? iterable.stream() : Stream.empty();
	}

	private ConfigurationPropertyName real(ConfigurationPropertyName name) {
		return this.prefix.append(name.subName(SHARED.getNumberOfElements()));
	}

	@Override
	public @Nullable Object getUnderlyingSource() {
		return this.source.getUnderlyingSource();
	}

}
