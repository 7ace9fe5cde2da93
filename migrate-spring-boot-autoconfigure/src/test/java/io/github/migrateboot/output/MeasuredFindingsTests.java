package io.github.migrateboot.output;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MeasuredFindings} and {@link Json}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeasuredFindingsTests {

	@TempDir
	private Path path;

	@Test
	void readsWhatTheBuildHasWritten() throws IOException {
		write("""
				{"version":1,"files":[{"file":"1_x.sql","checksum":"abc","findings":[{"hazard":"rewrite","line":3,"statement":1,
				"table":"public.t","lock":"ACCESS EXCLUSIVE","effect":"It is \\"new\\", all of it.","remedy":"a;\\nb;"},
				{"hazard":"fk-without-index","line":4,"statement":2,"table":null,"effect":"Slow."}]},
				{"file":"2_y.sql","checksum":"def","findings":[]}]}""");
		assertThat(read()).containsExactly(new MeasuredFile("1_x.sql", "abc", List.of(
				new Finding(Hazard.REWRITE, new Finding.Place("1_x.sql", 3, 1), "public.t", "ACCESS EXCLUSIVE",
						"It is \"new\", all of it.", "a;\nb;"),
				new Finding(Hazard.FK_WITHOUT_INDEX, new Finding.Place("1_x.sql", 4, 2), null, null, "Slow.", null))),
				new MeasuredFile("2_y.sql", "def", List.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{\"version\":2,\"files\":[]}",
			"{\"version\":1,\"files\":[{\"file\":\"1_x.sql\",\"checksum\":\"abc\",\"findings\":[{\"hazard\":\"nonsense\"}]}]}",
			"{\"version\":1,\"files\":[{}]}", "{\"version\":1,\"files\":[1]}", "{\"version\":1} x",
			"{\"version\":1x}" })
	void whatCanNotBeReadDoesNotCount(String json, CapturedOutput output) throws IOException {
		write(json);
		assertThat(read()).isEmpty();
		assertThat(output).contains("findings.json can't be read, so nothing in it counts: ");
	}

	@Test
	void nothingIsMeasuredWithoutIt() throws IOException {
		assertThat(read()).isEmpty();
		assertThat(MeasuredFindings.read(null)).isEmpty();
	}

	@Test
	void readsJsonAsALibraryDoes() {
		String json = """
				{"a" : [ ] , "b":{}, "c":[true,false,null, -1.5e3 ,0],"d":"\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u2026 , ] } : ä "}""";
		Map<?, ?> expected = JsonMapper.builder().build().readValue(json, Map.class);
		Map<?, ?> actual = (Map<?, ?>) Json.read(json);
		assertThat(actual.get("a")).isEqualTo(expected.get("a"));
		assertThat(actual.get("b")).isEqualTo(expected.get("b"));
		assertThat(actual.get("d")).isEqualTo(expected.get("d"));
		assertThat((List<?>) actual.get("c")).hasToString("[true, false, null, -1500.0, 0.0]");
		for (String bad : new String[] { "{\"a\"}", "[1,]", "\"\\x\"", "\"open", "tru", "{\"a\":1" }) {
			assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Json.read(bad));
		}
	}

	private void write(String json) throws IOException {
		Path file = this.path.resolve(MeasuredFindings.RESOURCE);
		Files.createDirectories(file.getParent());
		Files.writeString(file, json);
	}

	private List<MeasuredFile> read() throws IOException {
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { this.path.toUri().toURL() }, null)) {
			return MeasuredFindings.read(classLoader);
		}
	}

}
