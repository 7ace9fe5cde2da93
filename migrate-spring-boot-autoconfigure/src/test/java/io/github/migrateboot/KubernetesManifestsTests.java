package io.github.migrateboot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.migrateboot.autoconfigure.MigrateProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The manifests of the documentation are what Kubernetes and the starter understand.
 */
class KubernetesManifestsTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern SNIPPET = Pattern.compile("(?ms)^```yaml\\R(.*?)^```$");

	private static final String GRACE = "spring.lifecycle.timeout-per-shutdown-phase";

	@ParameterizedTest
	@MethodSource("manifests")
	void variablesAreThoseOfPropertiesThatExist(Path manifest) throws IOException {
		List<ConfigurationPropertyName> known = metadata().keySet()
			.stream()
			.filter(ConfigurationPropertyName::isValid)
			.map(ConfigurationPropertyName::of)
			.toList();
		for (YamlNode pod : pods(manifest)) {
			assertThat(containers(pod)).isNotEmpty();
			for (YamlNode container : containers(pod)) {
				assertThat(variables(container).keySet()).isNotEmpty()
					.allMatch((variable) -> known.stream().anyMatch((name) -> sets(variable, name)));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void valuesCanBeBound(Path manifest) throws IOException {
		for (YamlNode pod : pods(manifest)) {
			for (YamlNode container : containers(pod)) {
				Map<String, Object> variables = variables(container);
				MigrateProperties properties = bind(variables);
				assertThat(properties.mode()).isEqualTo(bind(Map.of("MIGRATE_MODE", mode(container))).mode());
				Object timeout = variables.get("MIGRATE_LOCK_TIMEOUT");
				if (timeout != null) {
					assertThat(properties.lock().timeout()).isEqualTo(DurationStyle.detectAndParse(timeout.toString()));
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void livenessAndNotReadinessDecidesWhetherAServiceIsKilled(Path manifest) throws IOException {
		for (YamlNode service : ofKind(manifest, "Deployment")) {
			assertThat(service.at("spec", "template", "spec", "containers").elements()).singleElement()
				.satisfies((container) -> {
					assertThat(probe(container, "livenessProbe")).isEqualTo("/actuator/health/liveness");
					assertThat(probe(container, "startupProbe")).isEqualTo("/actuator/health/liveness");
					assertThat(probe(container, "readinessProbe")).isEqualTo("/actuator/health/readiness");
				});
		}
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void aStatementHasTheTimeToEnd(Path manifest) throws IOException {
		Duration grace = DurationStyle.detectAndParse(metadata().get(GRACE).get("defaultValue").asString());
		assertThat(pods(manifest)).isNotEmpty()
			.allSatisfy((pod) -> assertThat(Integer.parseInt(pod.at("terminationGracePeriodSeconds").text()))
				.isGreaterThan((int) grace.toSeconds()));
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void whatEndsAppliesAndWhatStaysDoesNotIfSomebodyElseDoes(Path manifest) throws IOException {
		List<YamlNode> jobs = ofKind(manifest, "Job");
		assertThat(jobs).allSatisfy((job) -> {
			YamlNode pod = job.at("spec", "template", "spec");
			assertThat(pod.at("restartPolicy").text()).isEqualTo("Never");
			assertThat(pod.at("containers").elements()).singleElement()
				.satisfies((container) -> assertThat(mode(container)).isEqualTo("apply-and-exit"));
		});
		for (YamlNode service : ofKind(manifest, "Deployment")) {
			YamlNode pod = service.at("spec", "template", "spec");
			assertThat(pod.at("initContainers").elements())
				.allSatisfy((container) -> assertThat(mode(container)).isEqualTo("apply-and-exit"));
			boolean elsewhere = !jobs.isEmpty() || pod.has("initContainers");
			assertThat(pod.at("containers").elements())
				.allSatisfy((container) -> assertThat(mode(container)).matches(elsewhere ? "validate|wait" : "apply"));
		}
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void aJobIsReplacedByAHookOrHasTheVersionInItsName(Path manifest) throws IOException {
		assertThat(ofKind(manifest, "Job")).allSatisfy((job) -> {
			YamlNode annotations = job.at("metadata", "annotations");
			String image = job.at("spec", "template", "spec", "containers").elements().get(0).at("image").text();
			switch (manifest.getFileName().toString()) {
				case "helm-hook.yaml" -> assertThat(annotations.value()).isEqualTo(Map.of("helm.sh/hook",
						"pre-install,pre-upgrade", "helm.sh/hook-delete-policy", "before-hook-creation"));
				case "argo-cd-presync.yaml" ->
					assertThat(annotations.value()).isEqualTo(Map.of("argocd.argoproj.io/hook", "PreSync",
							"argocd.argoproj.io/hook-delete-policy", "BeforeHookCreation"));
				default -> assertThat(job.at("metadata", "name").text())
					.endsWith("-" + image.substring(image.indexOf(':') + 1).replace('.', '-'));
			}
		});
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void selectorsAndPortsFit(Path manifest) throws IOException {
		List<YamlNode> deployments = ofKind(manifest, "Deployment");
		for (YamlNode deployment : deployments) {
			assertThat(deployment.at("spec", "selector", "matchLabels").value()).isNotNull()
				.isEqualTo(deployment.at("spec", "template", "metadata", "labels").value());
			assertThat(deployment.at("spec", "template", "spec", "containers").elements())
				.allSatisfy((container) -> assertThat(container.at("livenessProbe", "httpGet", "port").text())
					.isIn(ports(container)));
		}
		for (YamlNode service : ofKind(manifest, "Service")) {
			assertThat(deployments).singleElement().satisfies((deployment) -> {
				assertThat(service.at("spec", "selector").value())
					.isEqualTo(deployment.at("spec", "template", "metadata", "labels").value());
				YamlNode container = deployment.at("spec", "template", "spec", "containers").elements().get(0);
				assertThat(service.at("spec", "ports").elements()).singleElement()
					.satisfies((port) -> assertThat(port.at("targetPort").text()).isIn(ports(container)));
			});
		}
	}

	@Test
	void whatThePageShowsIsInAManifest() throws IOException {
		List<Object> documents = new ArrayList<>();
		for (Path manifest : manifests()) {
			YamlNode.documents(manifest).forEach((document) -> documents.add(document.value()));
		}
		List<YamlNode> snippets = new ArrayList<>();
		SNIPPET.matcher(page()).results().forEach((found) -> snippets.addAll(YamlNode.documents(found.group(1))));
		assertThat(snippets).hasSizeGreaterThan(3)
			.allSatisfy((snippet) -> assertThat(documents).anyMatch((document) -> has(document, snippet.value())));
	}

	@Test
	void thePageLinksEachManifest() throws IOException {
		String page = page();
		assertThat(manifests()).hasSizeGreaterThan(4)
			.allSatisfy((manifest) -> assertThat(page).contains("](kubernetes/" + manifest.getFileName() + ")"));
	}

	/**
	 * Return whether a part is anywhere in a document.
	 */
	private static boolean has(Object document, Object part) {
		if (covers(document, part)) {
			return true;
		}
		return new YamlNode(document).elements().stream().anyMatch((element) -> has(element.value(), part));
	}

	/**
	 * Return whether a node has all that a part has, and perhaps more.
	 */
	private static boolean covers(Object node, Object part) {
		if (node instanceof Map<?, ?> map && part instanceof Map<?, ?> wanted) {
			return wanted.entrySet()
				.stream()
				.allMatch((entry) -> map.containsKey(entry.getKey())
						&& covers(map.get(entry.getKey()), entry.getValue()));
		}
		if (node instanceof List<?> list && part instanceof List<?> wanted) {
			return wanted.stream().allMatch((each) -> list.stream().anyMatch((element) -> covers(element, each)));
		}
		return part.equals(node);
	}

	private static String mode(YamlNode container) {
		return variables(container).getOrDefault("MIGRATE_MODE", "apply").toString();
	}

	private static String probe(YamlNode container, String name) {
		return container.at(name, "httpGet", "path").text();
	}

	private static List<String> ports(YamlNode container) {
		return container.at("ports").elements().stream().map((port) -> port.at("name").text()).toList();
	}

	private static List<YamlNode> ofKind(Path manifest, String kind) throws IOException {
		return YamlNode.documents(manifest)
			.stream()
			.filter((document) -> document.at("kind").text().equals(kind))
			.toList();
	}

	private static List<YamlNode> pods(Path manifest) throws IOException {
		return YamlNode.documents(manifest)
			.stream()
			.map((document) -> document.at("spec", "template", "spec"))
			.filter((pod) -> pod.has("containers"))
			.toList();
	}

	private static List<YamlNode> containers(YamlNode pod) {
		return Stream.of("initContainers", "containers").flatMap((kind) -> pod.at(kind).elements().stream()).toList();
	}

	/**
	 * Return the variables of a container; what comes from a secret has a value that says
	 * so.
	 */
	private static Map<String, Object> variables(YamlNode container) {
		Map<String, Object> variables = new HashMap<>();
		for (YamlNode variable : container.at("env").elements()) {
			assertThat(variable.has("value")).isNotEqualTo(variable.has("valueFrom"));
			variables.put(variable.at("name").text(),
					variable.has("value") ? variable.at("value").text() : "from a secret");
		}
		return variables;
	}

	private static MigrateProperties bind(Map<String, Object> variables) {
		return new Binder(environment(variables)).bindOrCreate("migrate", MigrateProperties.class);
	}

	private static boolean sets(String variable, ConfigurationPropertyName name) {
		return environment(Map.of(variable, "")).getConfigurationProperty(name) != null;
	}

	private static ConfigurationPropertySource environment(Map<String, Object> variables) {
		return Objects.requireNonNull(
				ConfigurationPropertySource.from(new SystemEnvironmentPropertySource("systemEnvironment", variables)));
	}

	/**
	 * Return what is known of the properties of all jars, by name.
	 */
	private static Map<String, JsonNode> metadata() throws IOException {
		Map<String, JsonNode> metadata = new HashMap<>();
		for (URL file : Collections.list(KubernetesManifestsTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream stream = file.openStream()) {
				JsonMapper.builder()
					.build()
					.readTree(stream)
					.get("properties")
					.forEach((property) -> metadata.put(property.get("name").asString(), property));
			}
		}
		return metadata;
	}

	private static String page() throws IOException {
		return Files.readString(DOCS.resolve("kubernetes.md"));
	}

	static List<Path> manifests() throws IOException {
		try (Stream<Path> files = Files.list(DOCS.resolve("kubernetes"))) {
			return files.sorted().toList();
		}
	}

}
