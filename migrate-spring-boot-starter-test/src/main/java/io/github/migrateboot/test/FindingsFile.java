package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.test.lint.LintResult;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

/**
 * What was found, as a file on the class path that the plan reads.
 *
 * @param report what was found
 */
record FindingsFile(SafetyReport report) {

	private static final String LOCATION = "META-INF/migrate/findings.json";

	void write(Path directory) throws IOException {
		Map<String, Object> content = new LinkedHashMap<>();
		content.put("version", 1);
		content.put("files", this.report.files().stream().map(this::json).toList());
		Path file = directory.resolve(LOCATION);
		Files.createDirectories(file.getParent());
		Files.writeString(file, JsonWriter.standard().withNewLineAtEnd().writeToString(content));
	}

	private Map<String, Object> json(LintResult.LintedFile linted) {
		String name = linted.file().name();
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("file", name);
		json.put("checksum", linted.script().checksum());
		json.put("findings",
				Stream.concat(this.report.findings().stream(), this.report.accepted().stream())
					.filter((finding) -> finding.place().file().equals(name))
					.sorted(Comparator.comparingInt((Finding finding) -> finding.place().statement()))
					.map(FindingsFile::json)
					.toList());
		return json;
	}

	private static Map<String, Object> json(Finding finding) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("hazard", finding.hazard().id());
		json.put("line", finding.place().line());
		json.put("statement", finding.place().statement());
		put(json, "table", finding.table());
		put(json, "lock", finding.lock());
		json.put("effect", finding.effect());
		put(json, "remedy", finding.remedy());
		return json;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
