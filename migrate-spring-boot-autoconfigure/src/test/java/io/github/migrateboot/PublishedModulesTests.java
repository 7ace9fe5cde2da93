package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each module is either published, with all that belongs to it, or not at all.
 */
class PublishedModulesTests {

	private static final Path PROJECT = Path.of("..");

	private static final String BOM = "migrate-bom";

	@Test
	void billOfMaterialsListsWhatIsPublishedAndNothingElse() throws IOException {
		List<String> published = published();
		published.remove(BOM);
		assertThat(Pom.read(PROJECT.resolve(BOM).resolve("pom.xml"))
			.texts("/project/dependencyManagement/dependencies/dependency/artifactId"))
			.containsExactlyInAnyOrderElementsOf(published);
	}

	@Test
	void whatIsPublishedNeedsNoParentAndHasANameAndADescription() throws IOException {
		for (String module : published()) {
			Pom pom = Pom.read(PROJECT.resolve(module).resolve("pom.xml"));
			assertThat(pom.texts("/project/build/plugins/plugin/artifactId")).as(module)
				.contains("flatten-maven-plugin");
			assertThat(pom.texts("/project/name")).as(module).isNotEmpty();
			assertThat(pom.texts("/project/description")).as(module).isNotEmpty();
		}
	}

	@Test
	void theSampleAndTheBenchmarksAreNotPublished() throws IOException {
		assertThat(published()).isNotEmpty().doesNotContain("sample-app", "benchmarks");
		for (String module : List.of("sample-app", "benchmarks")) {
			assertThat(Pom.read(PROJECT.resolve(module).resolve("pom.xml")).property("maven.deploy.skip"))
				.isEqualTo("true");
		}
	}

	private static List<String> published() throws IOException {
		List<String> published = new ArrayList<>();
		for (String module : Pom.read(PROJECT.resolve("pom.xml")).texts("/project/modules/module")) {
			if (!Pom.read(PROJECT.resolve(module).resolve("pom.xml")).property("skipPublishing").equals("true")) {
				published.add(module);
			}
		}
		return published;
	}

}
