package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the project's documents: their links, and what they say about properties.
 */
class DocumentationTests {

	private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

	private static final int LONGEST_README = 12_000;

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern ROW = Pattern
		.compile("(?m)^\\| `((?:migrate|management)\\.[a-z.-]+)` \\| ([^|]*) \\| .* \\|$");

	private static final Pattern NAME = Pattern.compile("`((?:migrate|management\\.\\w+\\.migrate)\\.[a-z.-]+[a-z])");

	@Test
	void readmeIsShort() throws IOException {
		assertThat(Files.size(PROJECT.resolve("README.md"))).isBetween(1_000L, (long) LONGEST_README);
	}

	@ParameterizedTest
	@MethodSource("documents")
	void linksLeadSomewhere(Path document) {
		List<String> broken = new ArrayList<>();
		for (String link : matches(LINK, withoutCode(read(document)))) {
			if (!link.contains("://") && !leadsSomewhere(document, link)) {
				broken.add(link);
			}
		}
		assertThat(broken).isEmpty();
	}

	@Test
	void everyDocumentIsInTheIndex() {
		Path index = PROJECT.resolve("docs/README.md");
		List<String> links = matches(LINK, read(index));
		assertThat(documents().filter((document) -> document.startsWith(index.getParent()) && !document.equals(index)))
			.isNotEmpty()
			.allSatisfy((document) -> assertThat(links)
				.anyMatch((link) -> link.split("#")[0].equals(index.getParent().relativize(document).toString())));
	}

	@Test
	void everyPropertyIsListedWithItsDefault() {
		Map<String, String> expected = new TreeMap<>();
		for (JsonNode property : metadata()) {
			expected.put(property.get("name").asString(),
					property.has("defaultValue") ? property.get("defaultValue").asString() : "");
		}
		Map<String, String> listed = new TreeMap<>();
		ROW.matcher(read(PROJECT.resolve("docs/properties.md")))
			.results()
			.forEach((row) -> listed.put(row.group(1), row.group(2)));
		// What has no fixed value is said in words.
		listed.replaceAll((name, value) -> value.startsWith("`") ? value.replace("`", "") : "");
		expected.replace("management.endpoint.migrate.access", "read_only", "read-only");
		assertThat(listed).isEqualTo(expected).isNotEmpty();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void propertiesThatAreNamedExist(Path document) {
		List<String> known = new ArrayList<>();
		metadata().forEach((property) -> known.add(property.get("name").asString()));
		assertThat(matches(NAME, read(document))).allSatisfy((name) -> assertThat(known)
			.anyMatch((property) -> property.equals(name) || property.startsWith(name + ".")
					|| name.startsWith("migrate.properties.") || name.startsWith("migrate.test.") || isMeter(name)));
	}

	private static boolean isMeter(String name) {
		return read(PROJECT.resolve("docs/operations.md")).contains("| `" + name + "` |")
				|| name.equals("migrate.migration");
	}

	private static boolean leadsSomewhere(Path from, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
		return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
	}

	/**
	 * Return the anchors that GitHub gives the headings of a document.
	 */
	private static List<String> anchors(Path document) {
		return withoutCode(read(document)).lines()
			.filter((line) -> line.matches("#{1,6} .+"))
			.map((line) -> line.replaceFirst("#+ ", "")
				.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N}\\- _]", "")
				.replace(' ', '-'))
			.toList();
	}

	private static String withoutCode(String text) {
		return text.replaceAll("(?ms)^ *```.*?^ *```$", "");
	}

	static Stream<Path> documents() {
		try (Stream<Path> files = Files.walk(PROJECT.resolve("docs"))) {
			List<Path> all = new ArrayList<>(files.filter((file) -> file.toString().endsWith(".md")).sorted().toList());
			for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "SUPPORT.md",
					"sample-app/README.md")) {
				all.add(PROJECT.resolve(name));
			}
			return all.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
	}

	private static JsonNode metadata() {
		try (InputStream json = DocumentationTests.class.getClassLoader()
			.getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
			return new JsonMapper().readTree(json).get("properties");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path document) {
		try {
			return Files.readString(document);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
