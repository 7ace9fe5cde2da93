package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.migrateboot.settings.BlockingSettings;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the metadata in the jar with {@link MigrateProperties}.
 */
class MigratePropertiesMetadataTests {

	private final JsonNode metadata = read("META-INF/spring-configuration-metadata.json");

	@Test
	void hasEveryPropertyWithItsTypeAndNoOther() {
		Map<String, Class<?>> expected = new TreeMap<>();
		collect("migrate", MigrateProperties.class,
				(name, component) -> expected.put(name, ClassUtils.resolvePrimitiveIfNecessary(component.getType())));
		expected.put("migrate.databases", Map.class);
		Map<String, Class<?>> actual = new TreeMap<>();
		properties("migrate.").forEach((property) -> {
			String type = property.get("type").asString().replaceAll("<.*", "");
			actual.put(property.get("name").asString(), ClassUtils.resolveClassName(type, getClass().getClassLoader()));
		});
		assertThat(actual).isEqualTo(expected).hasSizeGreaterThanOrEqualTo(12);
	}

	@Test
	void hasTheTypesAndDefaultsOfTheEndpointAsSpringBootsOwnHaveThem() {
		assertThat(properties("management.endpoint.migrate.show-values")).singleElement().satisfies((property) -> {
			assertThat(property.get("type").asString()).isEqualTo(Show.class.getName());
			assertThat(property.get("defaultValue").asString()).isEqualTo("never");
		});
		assertThat(properties("management.endpoint.migrate.roles")).singleElement()
			.satisfies((property) -> assertThat(property.get("type").asString())
				.isEqualTo("java.util.Set<java.lang.String>"));
	}

	@Test
	void describesEveryPropertyInSentences() {
		assertThat(this.metadata.get("properties")).isNotEmpty().allSatisfy((property) -> {
			assertThat(property.has("type")).as(property.toString()).isTrue();
			assertThat(property.path("description").asString("")).as(property.toString()).matches("[A-Z].+\\.");
		});
	}

	@Test
	void namesTheDefaultsThatAreUsedWhereNothingIsBound() {
		Map<String, Object> defaults = new TreeMap<>();
		properties("migrate.").filter((property) -> property.has("defaultValue"))
			.forEach((property) -> defaults.put(property.get("name").asString(),
					property.get("defaultValue").asString()));
		MigrateProperties unbound = bind(Map.of());
		assertThat(bind(defaults)).isEqualTo(unbound);
		assertThat(defaults.keySet()).isEqualTo(names("migrate", unbound));
	}

	@Test
	void hintsAtEveryValueOfEachEnumeration() {
		Map<String, List<String>> expected = new TreeMap<>();
		collect("migrate", MigrateProperties.class, (name, component) -> {
			if (component.getType().isEnum()) {
				expected.put(name, names(component.getType().getEnumConstants()));
			}
		});
		assertThat(expected).containsKeys("migrate.checksum", "migrate.lock.strategy")
			.allSatisfy((name, values) -> assertThat(hints(name)).as(name).containsExactlyElementsOf(values));
	}

	@Test
	void describesEveryValueThatIsHintedAt() {
		assertThat(values()).isNotEmpty()
			.allSatisfy((value) -> assertThat(value.path("description").asString("")).as(value.toString())
				.matches("[A-Z].+\\."));
	}

	@Test
	void mergesWhatIsWrittenByHand() {
		JsonNode additional = read("META-INF/additional-spring-configuration-metadata.json");
		for (String kind : List.of("properties", "hints")) {
			assertThat(names(additional, kind)).isNotEmpty().isSubsetOf(names(this.metadata, kind));
		}
	}

	@Test
	void liesBesideTheClassesItIsAboutAndNowhereElse() throws IOException {
		URL classes = MigrateProperties.class.getProtectionDomain().getCodeSource().getLocation();
		assertThat(getClass().getClassLoader().getResource("META-INF/spring-configuration-metadata.json"))
			.isEqualTo(new URL(classes, "META-INF/spring-configuration-metadata.json"));
		// Where Spring Boot's own modules keep other files, and nobody reads this one.
		assertThat(getClass().getClassLoader()
			.getResources("META-INF/spring/additional-spring-configuration-metadata.json")
			.hasMoreElements()).isFalse();
	}

	@Test
	void hintsAreAboutPropertiesThatExist() {
		assertThat(this.metadata.get("hints")).isNotEmpty()
			.allSatisfy((hint) -> assertThat(properties(hint.get("name").asString())).hasSize(1));
	}

	private Stream<JsonNode> properties(String prefix) {
		return this.metadata.get("properties")
			.valueStream()
			.filter((property) -> property.get("name").asString().startsWith(prefix));
	}

	private Stream<String> hints(String name) {
		return this.metadata.get("hints")
			.valueStream()
			.filter((hint) -> name.equals(hint.get("name").asString()))
			.flatMap((hint) -> hint.path("values").valueStream())
			.map((value) -> value.get("value").asString());
	}

	private Stream<JsonNode> values() {
		return this.metadata.get("hints").valueStream().flatMap((hint) -> hint.path("values").valueStream());
	}

	private static List<String> names(Object[] constants) {
		return Arrays.stream(constants)
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
	}

	private static List<String> names(JsonNode metadata, String kind) {
		return metadata.path(kind).valueStream().map((each) -> each.get("name").asString()).toList();
	}

	private static void collect(String prefix, Class<?> type, PropertyConsumer consumer) {
		for (RecordComponent component : type.getRecordComponents()) {
			String name = prefix + "." + dashed(component.getName());
			if (component.getType() == BlockingSettings.class) {
				// Only its first component is a property
				consumer.accept(prefix + ".max-blocking", BlockingSettings.class.getRecordComponents()[0]);
			}
			else if (component.getType().isRecord()) {
				collect(name, component.getType(), consumer);
			}
			else {
				consumer.accept(name, component);
			}
		}
	}

	private static String dashed(String name) {
		String dashed = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
		return ConfigurationPropertyName.of(dashed).toString();
	}

	private static MigrateProperties bind(Map<String, Object> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("migrate",
				MigrateProperties.class);
	}

	/**
	 * Return the names of what has a value.
	 */
	private static Set<String> names(String prefix, Record properties) {
		Set<String> names = new TreeSet<>();
		for (RecordComponent component : properties.getClass().getRecordComponents()) {
			String name = prefix + "." + dashed(component.getName());
			Object value = ReflectionUtils.invokeMethod(component.getAccessor(), properties);
			if (value instanceof BlockingSettings blocking) {
				assertThat(blocking).isEqualTo(BlockingSettings.defaults());
			}
			else if (value instanceof Record group) {
				names.addAll(names(name, group));
			}
			else if (!ObjectUtils.isEmpty(value)) {
				names.add(name);
			}
		}
		return names;
	}

	private JsonNode read(String resource) {
		try (InputStream stream = getClass().getClassLoader().getResourceAsStream(resource)) {
			return JsonMapper.builder().build().readTree(stream);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	interface PropertyConsumer {

		void accept(String name, RecordComponent component);

	}

}
