package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;

import org.springframework.boot.json.JsonWriter;

/**
 * What was found, as SARIF 2.1.0.
 *
 * @param report what was found
 * @param folder the folder of the migrations in the repository
 */
record SarifFile(SafetyReport report, String folder) {

	private static final String SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

	private static final String ALLOWANCE = "migrate-allow";

	void write(Path file) throws IOException {
		if (file.toAbsolutePath().getParent() != null) {
			Files.createDirectories(file.toAbsolutePath().getParent());
		}
		Files.writeString(file, JsonWriter.standard().withNewLineAtEnd().writeToString(log()));
	}

	private Map<String, Object> log() {
		List<Object> results = new ArrayList<>();
		this.report.findings().forEach((finding) -> results.add(result(finding)));
		this.report.accepted().forEach((finding) -> results.add(suppressed(finding)));
		this.report.problems().forEach((problem) -> results.add(result(problem)));
		Map<String, Object> driver = map("name", "Migrate for Spring Boot", "semanticVersion", "0.1.0", "rules",
				rules());
		return map("$schema", SCHEMA, "version", "2.1.0", "runs",
				List.of(map("tool", map("driver", driver), "columnKind", "utf16CodeUnits", "results", results)));
	}

	private static List<Object> rules() {
		List<Object> rules = new ArrayList<>();
		Arrays.stream(Hazard.values()).forEach((hazard) -> rules.add(rule(hazard.id(), hazard.summary() + ".")));
		rules.add(rule(ALLOWANCE, "A line '-- migrate:allow' allows nothing."));
		return rules;
	}

	private static Map<String, Object> rule(String id, String summary) {
		return map("id", id, "shortDescription", map("text", summary), "defaultConfiguration",
				map("level", ALLOWANCE.equals(id) ? "warning" : "error"));
	}

	private Map<String, Object> result(Finding finding) {
		String remedy = (finding.remedy() != null) ? "\nSafe:\n" + finding.remedy() : "";
		Finding.Place place = finding.place();
		return result(finding.hazard().id(), finding.hazard().ordinal(), "error", finding.effect() + remedy,
				place.file(), place.line());
	}

	private Map<String, Object> suppressed(Finding finding) {
		Map<String, Object> result = result(finding);
		String reason = this.report.file(finding).script().allowed(finding.hazard().id()).orElse("");
		result.put("suppressions", List.of(map("kind", "inSource", "justification", reason)));
		return result;
	}

	private Map<String, Object> result(AllowanceProblem problem) {
		return result(ALLOWANCE, Hazard.values().length, "warning", "migrate:allow: " + problem.text(), problem.file(),
				problem.line());
	}

	private Map<String, Object> result(String rule, int index, String level, String text, String file, int line) {
		String uri = (this.folder.isEmpty() || this.folder.endsWith("/")) ? this.folder + file
				: this.folder + "/" + file;
		Map<String, Object> location = map("physicalLocation", map("artifactLocation",
				map("uri", uri.replace('\\', '/').replace(" ", "%20")), "region", map("startLine", line)));
		return map("ruleId", rule, "ruleIndex", index, "level", level, "message", map("text", text), "locations",
				List.of(location));
	}

	/**
	 * Return a map that can be added to.
	 * @param entries keys and values by turns
	 */
	private static Map<String, Object> map(Object... entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < entries.length; i += 2) {
			map.put((String) entries[i], entries[i + 1]);
		}
		return map;
	}

}
