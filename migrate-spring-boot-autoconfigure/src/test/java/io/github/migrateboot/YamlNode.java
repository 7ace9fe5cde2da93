package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A node of a YAML document, which may be absent.
 *
 * @param value a map, a list, a scalar or {@code null}
 */
record YamlNode(@Nullable Object value) {

	/**
	 * Read the documents of a file, refusing keys that are there twice.
	 */
	static List<YamlNode> documents(Path file) throws IOException {
		return documents(Files.readString(file));
	}

	/**
	 * Read the documents of a text, refusing keys that are there twice.
	 */
	static List<YamlNode> documents(String text) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		List<YamlNode> documents = new ArrayList<>();
		new Yaml(new SafeConstructor(options)).loadAll(text)
			.forEach((document) -> documents.add(new YamlNode(document)));
		return documents;
	}

	/**
	 * Return what is at a path of keys, absent if any of it is.
	 */
	YamlNode at(Object... path) {
		Object current = this.value;
		for (Object key : path) {
			current = (current instanceof Map<?, ?> map) ? map.get(key) : null;
		}
		return new YamlNode(current);
	}

	/**
	 * Return the elements of a list or the values of a map; nothing of anything else.
	 */
	List<YamlNode> elements() {
		Iterable<?> elements = (this.value instanceof Map<?, ?> map) ? map.values()
				: (this.value instanceof List<?> list) ? list : List.of();
		List<YamlNode> nodes = new ArrayList<>();
		elements.forEach((element) -> nodes.add(new YamlNode(element)));
		return nodes;
	}

	Set<?> keys() {
		return (this.value instanceof Map<?, ?> map) ? map.keySet() : Set.of();
	}

	boolean has(Object key) {
		return keys().contains(key);
	}

	/**
	 * Return the text of a scalar, empty if it is absent.
	 */
	String text() {
		return (this.value != null) ? this.value.toString() : "";
	}

}
