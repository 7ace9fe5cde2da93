package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Writes what was measured into the documentation, between two marks. What stands outside
 * of them is written by people.
 *
 * @param results where the figures are
 * @param docs the folder of the documentation
 */
record Report(Path results, Path docs) {

	private static final String BEGIN = "<!-- measured: written by the benchmarks -->";

	private static final String END = "<!-- end of what was measured -->";

	void write(Machine machine) throws IOException {
		String text = BEGIN + "\n\n" + machine.describe() + "\n\n" + table() + "\n" + END;
		Path file = this.docs.resolve("performance.md");
		String before = Files.exists(file) ? Files.readString(file) : "# Performance\n\n" + BEGIN + END + "\n";
		int begin = before.indexOf(BEGIN);
		int end = before.indexOf(END) + END.length();
		if (begin < 0 || end <= begin) {
			throw new IllegalStateException("The marks are missing in " + file);
		}
		Files.writeString(file, before.substring(0, begin) + text + before.substring(end));
		plot("performance-migrations.svg", "Time to apply migrations to an empty PostgreSQL database",
				"number of migrations", Rows.pointsOfApply());
		plot("performance-waiting.svg", "Time from the commit until the last waiting instance is done",
				"number of waiting instances", Rows.pointsOfWait());
	}

	String table() throws IOException {
		List<String> lines = new ArrayList<>();
		lines.add("| case | target | Migrate | met | Flyway | Liquibase | dbmate | client program |");
		lines.add("|---|---|---|---|---|---|---|---|");
		for (Row row : Rows.table()) {
			Results figures = Results.read(this.results, row.id());
			List<String> cells = new ArrayList<>(List.of(row.title(), row.target().text()));
			for (Tool tool : Tool.values()) {
				cells.add(cell(row.target(), figures, tool));
				if (tool == Tool.MIGRATE) {
					cells.add(met(row.target(), figures).map((met) -> met ? "yes" : "**no**").orElse("not measured"));
				}
			}
			lines.add("| " + String.join(" | ", cells) + " |");
		}
		return String.join("\n", lines) + "\n";
	}

	private static String cell(Row.Target target, Results figures, Tool tool) {
		OptionalDouble median = figures.median(tool.key());
		if (median.isEmpty()) {
			return "–";
		}
		String text = Figures.with(target.unit(), median.getAsDouble());
		double min = figures.min(tool.key());
		double max = figures.max(tool.key());
		if (max > min) {
			text += " (" + Figures.with(target.unit(), min) + " to " + Figures.with(target.unit(), max) + ")";
		}
		OptionalDouble other = figures.median(target.relativeTo());
		if (other.isPresent() && !target.relativeTo().equals(tool.key())) {
			text += ", " + Figures.plain(Math.round(100 * median.getAsDouble() / other.getAsDouble()) / 100.0) + " ×";
		}
		return text;
	}

	private static Optional<Boolean> met(Row.Target target, Results figures) {
		OptionalDouble migrate = figures.median(Tool.MIGRATE.key());
		OptionalDouble other = target.relativeTo().isEmpty() ? OptionalDouble.of(1)
				: figures.median(target.relativeTo());
		if (migrate.isEmpty() || other.isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(migrate.getAsDouble() <= target.limit() * other.getAsDouble());
	}

	private void plot(String name, String title, String horizontal, List<String> rows) throws IOException {
		Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
		Map<Tool, String> names = Map.of(Tool.MIGRATE, "Migrate", Tool.FLYWAY, "Flyway", Tool.LIQUIBASE, "Liquibase",
				Tool.DBMATE, "dbmate", Tool.CLIENT, "psql");
		for (Tool tool : Tool.values()) {
			Map<Double, Double> points = new LinkedHashMap<>();
			for (String row : rows) {
				double at = Double.parseDouble(row.substring(row.lastIndexOf('-') + 1));
				Results.read(this.results, row)
					.median(tool.key())
					.ifPresent((value) -> points.put(at, Math.max(value, 0.1)));
			}
			if (!points.isEmpty()) {
				lines.put(names.getOrDefault(tool, tool.key()), points);
			}
		}
		Files.writeString(this.docs.resolve(name), new Plot(title, horizontal, lines).svg());
	}

}
