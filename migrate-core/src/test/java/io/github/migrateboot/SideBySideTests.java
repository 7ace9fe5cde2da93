package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each feature that the documentation sets side by side with other modules' names a test
 * that shows it, and that test is there.
 */
class SideBySideTests {

	private static final Path PROJECT = Path.of("..");

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(?:#(\\w+))?`");

	@Test
	void eachFeatureNamesTestsThatExist() throws IOException {
		Map<String, String> tests = tests();
		List<String> problems = new ArrayList<>();
		int features = 0;
		for (String row : rows()) {
			String[] cells = row.substring(1, row.length() - 1).split("\\|");
			if (cells.length != 5) {
				continue;
			}
			features++;
			if (!cells[4].strip().matches(TEST.pattern() + "(, " + TEST.pattern() + ")*")) {
				problems.add("Names no test: " + row);
			}
			Matcher test = TEST.matcher(cells[4]);
			while (test.find()) {
				String source = tests.get(test.group(1));
				if (source == null || (test.group(2) != null && !source.contains("void " + test.group(2) + "("))) {
					problems.add("There is no " + test.group() + ", which is to show:" + cells[0]);
				}
			}
		}
		assertThat(problems).isEmpty();
		assertThat(features).isGreaterThan(40);
	}

	/**
	 * Return the rows of the tables, without their heads.
	 */
	private static List<String> rows() throws IOException {
		String page = Files.readString(PROJECT.resolve("docs/spring-boot.md"));
		return page.substring(page.indexOf("\n## Side by side\n"))
			.lines()
			.filter((line) -> line.startsWith("|"))
			.filter((line) -> !line.startsWith("| | `spring-boot-flyway`") && !line.startsWith("|---"))
			.toList();
	}

	/**
	 * Return the sources of the tests of all modules by the names of their classes.
	 */
	private static Map<String, String> tests() throws IOException {
		Map<String, String> tests = new TreeMap<>();
		try (Stream<Path> modules = Files.list(PROJECT)) {
			for (Path module : modules.map((each) -> each.resolve("src/test/java")).filter(Files::exists).toList()) {
				try (Stream<Path> files = Files.walk(module)) {
					for (Path file : files.filter((each) -> each.toString().endsWith("Tests.java")).toList()) {
						tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
					}
				}
			}
		}
		return tests;
	}

}
