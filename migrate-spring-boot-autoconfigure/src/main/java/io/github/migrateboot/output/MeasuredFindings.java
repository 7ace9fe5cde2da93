package io.github.migrateboot.output;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the measured lint found when the application was built.
 */
public final class MeasuredFindings {

	/**
	 * Where the build writes it.
	 */
	public static final String RESOURCE = "META-INF/migrate/findings.json";

	private static final Logger logger = LoggerFactory.getLogger(MeasuredFindings.class);

	private MeasuredFindings() {
	}

	/**
	 * Read it from every jar that has it. What can't be read counts as not measured.
	 * @param classLoader where the application is, or {@code null}
	 * @return what was measured, perhaps nothing
	 */
	public static List<MeasuredFile> read(@Nullable ClassLoader classLoader) {
		List<MeasuredFile> files = new ArrayList<>();
		try {
			for (URL url : (classLoader != null) ? Collections.list(classLoader.getResources(RESOURCE))
					: List.<URL>of()) {
				files.addAll(read(url));
			}
		}
		catch (IOException ex) {
			logger.warn("{} can't be looked for, so nothing in it counts", RESOURCE, ex);
		}
		return files;
	}

	private static List<MeasuredFile> read(URL url) {
		try (InputStream stream = url.openStream()) {
			return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException | IllegalArgumentException | ClassCastException ex) {
			logger.warn("{} can't be read, so nothing in it counts: {}", url, ex.toString());
			return List.of();
		}
	}

	private static List<MeasuredFile> parse(String json) {
		Map<?, ?> document = (Map<?, ?>) Objects.requireNonNullElse(Json.read(json), Map.of());
		if (!(document.get("version") instanceof Number version) || version.intValue() != 1) {
			throw new IllegalArgumentException("its version is " + document.get("version") + ", not 1");
		}
		List<MeasuredFile> files = new ArrayList<>();
		for (Object entry : list(document.get("files"))) {
			Map<?, ?> file = (Map<?, ?>) entry;
			String name = text(file, "file");
			List<Finding> findings = list(file.get("findings")).stream()
				.map((finding) -> finding(name, (Map<?, ?>) finding))
				.toList();
			files.add(new MeasuredFile(name, text(file, "checksum"), findings));
		}
		return files;
	}

	private static Finding finding(String file, Map<?, ?> finding) {
		Hazard hazard = Hazard.of(text(finding, "hazard"))
			.orElseThrow(() -> new IllegalArgumentException("there is no hazard '" + finding.get("hazard") + "'"));
		return new Finding(hazard, new Finding.Place(file, number(finding, "line"), number(finding, "statement")),
				(String) finding.get("table"), (String) finding.get("lock"), text(finding, "effect"),
				(String) finding.get("remedy"));
	}

	private static List<?> list(@Nullable Object value) {
		return (value != null) ? (List<?>) value : List.of();
	}

	private static String text(Map<?, ?> finding, String name) {
		if (finding.get(name) instanceof String text) {
			return text;
		}
		throw new IllegalArgumentException("something in it is without " + name);
	}

	private static int number(Map<?, ?> finding, String name) {
		return (finding.get(name) instanceof Number number) ? number.intValue() : 0;
	}

}
