package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A migration file and what dbmate does with it, recorded with dbmate 2.36.0.
 *
 * @param name the case
 * @param input the file's content
 * @param dbmate {@code applies} or the kind of its error
 */
public record DbmateCase(String name, byte[] input, String dbmate) {

	/**
	 * Return whether dbmate applies the file.
	 * @return whether it does
	 */
	public boolean applies() {
		return "applies".equals(this.dbmate);
	}

	/**
	 * Return whether the file has two sections, which dbmate fails to record.
	 * @return whether it has
	 */
	public boolean hasTwoSections() {
		return "two-sections".equals(this.dbmate);
	}

	/**
	 * Return all cases.
	 * @return the cases, more than twenty
	 */
	public static List<DbmateCase> all() {
		List<DbmateCase> cases = new ArrayList<>();
		try (InputStream in = DbmateCase.class.getResourceAsStream("/dbmate-cases.json")) {
			for (JsonNode node : JsonMapper.shared().readTree(in).get("cases")) {
				cases.add(new DbmateCase(node.get("name").asString(),
						Base64.getDecoder().decode(node.get("input_base64").asString()),
						node.get("dbmate").asString()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (cases.size() <= 20) {
			throw new AssertionError("Only " + cases.size() + " cases");
		}
		return cases;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
