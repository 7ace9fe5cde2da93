package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
		for (Row row : Rows.all()) {
			Results figures = Results.read(this.results, row.id());
			for (Row.Line line : row.lines()) {
				lines.add("| " + String.join(" | ", cells(line, figures)) + " |");
			}
		}
		return String.join("\n", lines) + "\n";
	}

	private static List<String> cells(Row.Line line, Results figures) {
		List<String> cells = new ArrayList<>(List.of(line.title(), line.target().text()));
		for (Tool tool : Tool.values()) {
			cells.add(cell(line, figures, tool));
			if (tool == Tool.MIGRATE) {
				cells.add(met(line, figures));
			}
		}
		return cells;
	}

	private static String cell(Row.Line line, Results figures, Tool tool) {
		Series own = figures.get(tool, line.series());
		if (own.isEmpty()) {
			return "–";
		}
		Series times = times(line, figures, tool);
		String unit = line.target().unit();
		if (tool == Tool.CLIENT || times.isEmpty()) {
			return Figures.with(unit, own.median()) + scatter(unit, own);
		}
		return Figures.with(unit, own.median()) + ", " + Figures.with("×", times.median()) + scatter("", times);
	}

	private static String scatter(String unit, Series series) {
		double from = series.quantile(0.25);
		double to = series.quantile(0.75);
		return (from < to) ? " (" + Figures.with(unit, from) + " to " + Figures.with(unit, to) + ")" : "";
	}

	/**
	 * Return how often a tool's figures are those of the client program, pair by pair.
	 */
	private static Series times(Row.Line line, Results figures, Tool tool) {
		return line.target().relative()
				? figures.get(tool, line.series()).dividedBy(figures.get(Tool.CLIENT, line.series()))
				: new Series(new double[0]);
	}

	private static String met(Row.Line line, Results figures) {
		Series decisive = line.target().relative() ? times(line, figures, Tool.MIGRATE)
				: figures.get(Tool.MIGRATE, line.series());
		if (decisive.isEmpty()) {
			return "not measured";
		}
		if (line.target().isNone()) {
			return "–";
		}
		return (decisive.median() <= line.target().limit()) ? "yes" : "**no**";
	}

	private void plot(String name, String title, String horizontal, List<Rows.Point> points) throws IOException {
		Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
		Map<Tool, String> names = Map.of(Tool.MIGRATE, "Migrate", Tool.FLYWAY, "Flyway", Tool.LIQUIBASE, "Liquibase",
				Tool.DBMATE, "dbmate", Tool.CLIENT, "psql");
		for (Tool tool : Tool.values()) {
			Map<Double, Double> line = new LinkedHashMap<>();
			for (Rows.Point point : points) {
				Series series = Results.read(this.results, point.row()).get(tool, point.series());
				if (!series.isEmpty()) {
					line.put((double) point.at(), Math.max(series.median(), 0.1));
				}
			}
			if (!line.isEmpty()) {
				lines.put(names.getOrDefault(tool, tool.key()), line);
			}
		}
		Files.writeString(this.docs.resolve(name), new Plot(title, horizontal, lines).svg());
	}

}
