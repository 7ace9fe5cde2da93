package io.github.migrateboot.test.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.MigrationChecks;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/lint.md} calls bad is found, and what it calls good is not.
 */
class LintDocumentTests {

	private static final Path DOCUMENT = Path.of("../docs/lint.md");

	private static final String TABLES = """
			create table customers (id bigint primary key);
			create table orders (
				id bigint primary key, customer_id bigint references customers, note text, quantity int,
				state text not null default 'open'
			);
			create index on orders (customer_id);
			""";

	private static final String MARIADB_TABLES = """
			create table customers (id bigint primary key);
			create table orders (id bigint primary key, customer_id bigint);
			""";

	@TempDir
	private Path folder;

	@Test
	void everyHazardHasItsPlace() throws IOException {
		List<String> headings = Files.readAllLines(DOCUMENT)
			.stream()
			.filter((line) -> line.startsWith("### "))
			.flatMap((line) -> Arrays.stream(line.substring(4).split(", ")))
			.toList();
		assertThat(headings)
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(Hazard.values()).map(Hazard::id).toList());
	}

	static Stream<Example> examples() throws IOException {
		List<Example> examples = new ArrayList<>();
		for (String section : Files.readString(DOCUMENT).split("(?m)^### ")) {
			String heading = section.lines().findFirst().orElseThrow();
			Matcher block = Pattern.compile("(?ms)^```sql\n-- Bad(.*?)^-- Good(.*?)^```").matcher(section);
			while (block.find()) {
				examples.add(new Example(heading, block.group(1), block.group(2)));
			}
		}
		assertThat(examples).hasSizeGreaterThan(10);
		return examples.stream();
	}

	@ParameterizedTest
	@MethodSource("examples")
	void badIsFoundAndGoodIsNot(Example example) throws IOException {
		List<String> ids = List.of(example.hazards().split(", "));
		TestServer server = ids.contains("copy") ? TestServer.MARIADB : TestServer.POSTGRES_EMBEDDED;
		assertThat(measure(server, example.bad(), "bad")).extracting((finding) -> finding.hazard().id())
			.anyMatch(ids::contains);
		assertThat(measure(server, example.good(), "good")).extracting((finding) -> finding.hazard().id())
			.doesNotContainAnyElementsOf(ids);
	}

	private List<Finding> measure(TestServer server, String text, String name) throws IOException {
		Path release = Files.createDirectories(this.folder.resolve(name));
		boolean named = text.contains(" state ");
		String tables = (server == TestServer.MARIADB) ? MARIADB_TABLES : TABLES;
		if (named && !text.contains("alter column state")) {
			tables = tables.replace("state text", "old_state text");
		}
		Files.writeString(release.resolve("0_tables.sql"), "-- migrate:up\n" + tables + "-- migrate:down\n");
		int number = 0;
		// The first line goes on with the comment.
		for (String file : ("--" + text).split("(?m)^-- (?=the next file|the file after|and in the next)")) {
			boolean outside = file.contains("transaction:false") || file.contains("concurrently");
			Files.writeString(release.resolve(++number + "_release.sql"),
					"-- migrate:up" + (outside ? " transaction:false" : "") + "\n-- " + file + "\n-- migrate:down\n");
		}
		try (TestDatabase database = server.create()) {
			return MigrationChecks.of("file:" + release).against(database.dataSource()).since("0").measure().findings();
		}
	}

	/**
	 * What the document says about hazards.
	 *
	 * @param hazards their ids
	 * @param bad what is bad
	 * @param good what is good
	 */
	record Example(String hazards, String bad, String good) {

	}

}
