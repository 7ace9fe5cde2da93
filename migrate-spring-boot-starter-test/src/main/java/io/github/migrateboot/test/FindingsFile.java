package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.safety.Finding;
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
		List<Map<String, Object>> findings = this.report.findings().stream().map(this::json).toList();
		Map<String, Object> content = new LinkedHashMap<>();
		content.put("version", 1);
		content.put("findings", findings);
		Path file = directory.resolve(LOCATION);
		Files.createDirectories(file.getParent());
		Files.writeString(file, JsonWriter.standard().withNewLineAtEnd().writeToString(content));
	}

	private Map<String, Object> json(Finding finding) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("hazard", finding.hazard().id());
		json.put("file", finding.place().file());
		json.put("checksum", this.report.file(finding).script().checksum());
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
