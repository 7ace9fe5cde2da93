package io.github.migrateboot.test.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.core.io.ClassPathResource;

/**
 * Cases of migrations that have to be found fault with, and of those that must not.
 */
final class Corpus {

	private Corpus() {
	}

	static String text(String name) {
		try {
			return new ClassPathResource("lint/" + name).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the cases of a file, where {@code ==} begins two cases, bad and good,
	 * {@code -- bad} says what has to be found, and {@code -- file} begins another
	 * migration.
	 */
	static List<Case> read(String name) {
		List<Case> cases = new ArrayList<>();
		for (String pair : text(name).split("(?m)^== ")) {
			String[] parts = pair.split("(?m)^-- (?=bad|good)");
			for (String part : Arrays.copyOfRange(parts, 1, parts.length)) {
				String head = part.lines().findFirst().orElseThrow();
				List<String> expected = head.startsWith("bad ") ? List.of(head.substring(4).split(", ")) : List.of();
				String body = part.substring(head.length()).strip();
				List<String> files = Arrays.stream(body.split("(?m)^-- file"))
					.filter((file) -> !file.isBlank())
					.map((file) -> "-- migrate:up"
							+ (file.startsWith(" transaction:false") ? file : "\n" + file.strip())
							+ "\n-- migrate:down\n")
					.toList();
				cases.add(new Case(pair.lines().findFirst().orElseThrow() + (expected.isEmpty() ? ", good" : ", bad"),
						expected, files));
			}
		}
		return cases;
	}

	/**
	 * A release of migrations.
	 *
	 * @param name its name
	 * @param expected what has to be found, each an id and a table
	 * @param files the content of the files
	 */
	record Case(String name, List<String> expected, List<String> files) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
