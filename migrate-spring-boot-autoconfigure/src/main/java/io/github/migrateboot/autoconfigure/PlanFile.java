package io.github.migrateboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.output.PlanDocument;
import io.github.migrateboot.output.PlanMarkdown;
import io.github.migrateboot.plan.MigrationPlan;

/**
 * A file to which plans are written. How its name ends says what is written.
 *
 * @param name the file's name
 */
record PlanFile(String name) {

	private static final String JSON = ".json";

	private static final String MARKDOWN = ".md";

	static void requireFormat(String name) {
		if (!ends(name, JSON) && !ends(name, MARKDOWN)) {
			throw new InvalidSettingException(
					"migrate.plan.file is \"" + name + "\", which says neither that it is JSON nor Markdown.",
					"Let it end with .json or .md.");
		}
	}

	void write(Map<String, MigrationPlan> plans) {
		String text = ends(this.name, JSON) ? PlanDocument.json(plans) + "\n" : PlanMarkdown.of(plans);
		try {
			Path file = Path.of(this.name).toAbsolutePath();
			Files.createDirectories(file.getParent());
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new InvalidSettingException("The plan can't be written to " + this.name + ": " + ex + ".",
					"Set migrate.plan.file to a file that this process may write.", ex);
		}
	}

	private static boolean ends(String name, String suffix) {
		return name.toLowerCase(Locale.ROOT).endsWith(suffix);
	}

}
