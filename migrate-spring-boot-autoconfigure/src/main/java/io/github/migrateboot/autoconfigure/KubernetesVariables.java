package io.github.migrateboot.autoconfigure;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Tells the environment variables that Kubernetes sets for each service of a namespace
 * from settings: those of a service named {@code migrate-databases} look like some.
 */
final class KubernetesVariables {

	private static final String SERVICE = "service\\.(host|port([.\\[].*)?)";

	private static final String LINK = "port[.\\[]\\d+]?\\.(tcp|udp|sctp)(\\.(proto|port|addr))?";

	private static final Pattern NAME = Pattern.compile(".*\\.(" + SERVICE + "|" + LINK + "|port)");

	private static final Pattern KEY = Pattern.compile(SERVICE + "|" + LINK);

	private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

	private KubernetesVariables() {
	}

	/**
	 * Return whether a name of a source is that of a service's variable, and not that of
	 * one of our properties, none of which ends so.
	 */
	static boolean have(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource
				&& NAME.matcher(name.toString()).matches();
	}

	/**
	 * Return properties without those that are the variables of a service.
	 */
	static Map<String, String> remove(Map<String, String> properties) {
		if (!properties.containsKey("service.host")) {
			return properties;
		}
		return properties.entrySet()
			.stream()
			.filter((entry) -> !KEY.matcher(entry.getKey()).matches())
			.filter((entry) -> !("port".equals(entry.getKey()) && ADDRESS.matcher(entry.getValue()).matches()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

}
