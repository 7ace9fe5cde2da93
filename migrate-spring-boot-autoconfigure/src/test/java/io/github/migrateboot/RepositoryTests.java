package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files by which others work with the repository say what is true of it.
 */
class RepositoryTests {

	private static final Path PROJECT = Path.of("..");

	@Test
	void eachWorkflowHasJobsThatDoSomethingAndMayOnlyRead() throws IOException {
		assertThat(workflows()).containsKeys("build.yml", "spring-boot.yml").allSatisfy((name, workflow) -> {
			assertThat(workflow.at("permissions").value()).as(name).isEqualTo(Map.of("contents", "read"));
			// YAML 1.1 takes the key "on" for a boolean
			assertThat(workflow.at(Boolean.TRUE).keys()).as(name).isNotEmpty();
			assertThat(workflow.at("jobs").elements()).as(name).isNotEmpty().allSatisfy((job) -> {
				assertThat(job.has("runs-on") && job.has("timeout-minutes")).isTrue();
				assertThat(job.at("steps").elements()).isNotEmpty()
					.allSatisfy((step) -> assertThat(step.has("uses")).isNotEqualTo(step.has("run")));
			});
		});
	}

	@Test
	void aWorkflowRunsTheBuildOnTheOldestAndTheNewestJdk() throws IOException {
		assertThat(workflow("build.yml").at("jobs").elements()).anySatisfy((job) -> {
			assertThat(matrix(job, "java")).contains("17", "25");
			assertThat(commands(job)).contains(".ci/run");
		});
		assertThat(PROJECT.resolve(".ci/run")).isExecutable();
	}

	@Test
	void aWorkflowBuildsWithTheSpringBootThatTheBuildHas() throws IOException {
		String version = Pom.read(PROJECT.resolve("pom.xml")).property("spring-boot.version");
		assertThat(workflow("spring-boot.yml").at("jobs").elements()).singleElement().satisfies((job) -> {
			assertThat(matrix(job, "spring-boot")).contains(version);
			assertThat(commands(job)).contains("mvn -B verify -Dspring-boot.version=${{ matrix.spring-boot }}");
		});
	}

	@Test
	void eachFormOfAnIssueAsksForSomething() throws IOException {
		Map<String, YamlNode> forms = read(".github/ISSUE_TEMPLATE");
		forms.remove("config.yml");
		assertThat(forms).isNotEmpty().allSatisfy((name, form) -> {
			assertThat(form.at("name").text()).as(name).isNotEmpty();
			assertThat(form.at("description").text()).as(name).isNotEmpty();
			List<YamlNode> fields = form.at("body").elements();
			assertThat(fields).as(name).isNotEmpty().allSatisfy((field) -> {
				assertThat(field.at("type").text()).isIn("markdown", "textarea", "input", "dropdown", "checkboxes");
				assertThat(field.has("attributes")).isTrue();
			});
			assertThat(fields).filteredOn((field) -> field.has("id"))
				.extracting((field) -> field.at("id").text())
				.isNotEmpty()
				.doesNotHaveDuplicates();
		});
	}

	@Test
	void dependenciesOfTheBuildAndOfItsWorkflowsAreKeptUpToDate() throws IOException {
		YamlNode dependabot = Objects.requireNonNull(read(".github").get("dependabot.yml"));
		assertThat(dependabot.at("updates").elements()).extracting((update) -> update.at("package-ecosystem").text())
			.containsExactlyInAnyOrder("maven", "github-actions");
	}

	private static YamlNode workflow(String name) throws IOException {
		return Objects.requireNonNull(workflows().get(name));
	}

	private static Map<String, YamlNode> workflows() throws IOException {
		return read(".github/workflows");
	}

	private static List<String> commands(YamlNode job) {
		return job.at("steps").elements().stream().map((step) -> step.at("run").text()).toList();
	}

	private static List<String> matrix(YamlNode job, String name) {
		return job.at("strategy", "matrix", name).elements().stream().map(YamlNode::text).toList();
	}

	private static Map<String, YamlNode> read(String folder) throws IOException {
		Map<String, YamlNode> files = new TreeMap<>();
		try (Stream<Path> list = Files.list(PROJECT.resolve(folder))) {
			for (Path file : list.filter((each) -> each.toString().endsWith(".yml")).toList()) {
				List<YamlNode> documents = YamlNode.documents(file);
				assertThat(documents).as(file.toString()).hasSize(1);
				files.put(file.getFileName().toString(), documents.get(0));
			}
		}
		return files;
	}

}
