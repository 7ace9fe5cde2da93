package io.github.migrateboot.test;

import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the schema of SARIF 2.1.0 asks of the objects that are used here: none has a
 * member that is not known, and each has those that are required.
 */
final class SarifSchema {

	private static final Set<String> LEVELS = Set.of("none", "note", "warning", "error");

	private SarifSchema() {
	}

	static void check(Map<String, Object> log) {
		object(log, Set.of("version", "runs"), Set.of("$schema", "inlineExternalProperties", "properties"));
		assertThat(log).containsEntry("version", "2.1.0");
		objects(log, "runs").forEach(SarifSchema::run);
	}

	private static void run(Map<String, Object> run) {
		object(run, Set.of("tool"), Set.of("results", "columnKind", "artifacts", "invocations", "properties"));
		assertThat(run.get("columnKind")).isIn("utf16CodeUnits", "unicodeCodePoints");
		Map<String, Object> tool = object(run, "tool");
		object(tool, Set.of("driver"), Set.of("extensions", "properties"));
		Map<String, Object> driver = object(tool, "driver");
		object(driver, Set.of("name"), Set.of("semanticVersion", "version", "informationUri", "rules", "fullName"));
		List<Map<String, Object>> rules = objects(driver, "rules");
		rules.forEach(SarifSchema::rule);
		assertThat(rules).extracting((rule) -> rule.get("id")).doesNotHaveDuplicates();
		objects(run, "results").forEach((result) -> result(result, rules));
	}

	private static void rule(Map<String, Object> rule) {
		object(rule, Set.of("id"), Set.of("name", "shortDescription", "fullDescription", "help", "helpUri",
				"defaultConfiguration", "messageStrings", "properties"));
		message(object(rule, "shortDescription"));
		assertThat(object(rule, "defaultConfiguration").get("level")).isIn(LEVELS);
	}

	private static void result(Map<String, Object> result, List<Map<String, Object>> rules) {
		object(result, Set.of("message"), Set.of("ruleId", "ruleIndex", "rule", "kind", "level", "locations",
				"suppressions", "fingerprints", "partialFingerprints", "properties"));
		message(object(result, "message"));
		assertThat(result.get("level")).isIn(LEVELS);
		assertThat(rules.get((Integer) result.get("ruleIndex"))).containsEntry("id", result.get("ruleId"));
		objects(result, "locations").forEach((location) -> {
			object(location, Set.of("physicalLocation"), Set.of("id", "logicalLocations", "message"));
			Map<String, Object> place = object(location, "physicalLocation");
			object(place, Set.of("artifactLocation"), Set.of("region", "contextRegion", "address"));
			object(object(place, "artifactLocation"), Set.of("uri"), Set.of("uriBaseId", "index"));
			object(object(place, "region"), Set.of("startLine"), Set.of("endLine", "startColumn", "snippet"));
			assertThat((Integer) object(place, "region").get("startLine")).isPositive();
		});
		if (result.containsKey("suppressions")) {
			objects(result, "suppressions").forEach((suppression) -> {
				object(suppression, Set.of("kind"), Set.of("justification", "status", "location", "guid"));
				assertThat(suppression.get("kind")).isIn("inSource", "external");
			});
		}
	}

	private static void message(Map<String, Object> message) {
		object(message, Set.of("text"), Set.of("markdown", "id", "arguments"));
		assertThat((String) message.get("text")).isNotBlank();
	}

	private static void object(Map<String, Object> object, Set<String> required, Set<String> others) {
		assertThat(object.keySet()).containsAll(required);
		assertThat(object.keySet()).allMatch((name) -> required.contains(name) || others.contains(name));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> object(Map<String, Object> parent, String name) {
		return (Map<String, Object>) parent.get(name);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> objects(Map<String, Object> parent, String name) {
		return (List<Map<String, Object>>) parent.get(name);
	}

}
