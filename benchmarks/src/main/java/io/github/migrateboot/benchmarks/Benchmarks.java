package io.github.migrateboot.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Measures the rows that have no figures yet, prints the table and writes it into the
 * documentation.
 */
final class Benchmarks {

	private Benchmarks() {
	}

	public static void main(String[] args) throws Exception {
		Options options = Options.of(args);
		// Liquibase would tell the console about each file.
		LogManager.getLogManager().reset();
		try (Lab lab = new Lab(options.rounds(), options.divisor())) {
			for (Row row : options.rows()) {
				Results results = Results.read(options.results(), row.id());
				if (!results.isEmpty() && !options.again()) {
					System.out.println(row.id() + ": has figures of " + results.date());
					continue;
				}
				System.out.println(row.id());
				results.clear();
				long start = System.nanoTime();
				try {
					row.measure(lab, results);
					results.write();
					System.out.printf("    measured in %d s%n",
							TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
				}
				catch (Exception | AssertionError ex) {
					// The others can be measured all the same.
					System.out.println("    not measured: " + ex);
				}
			}
			Report report = new Report(options.results(), options.docs());
			System.out.println();
			System.out.println(report.table());
			if (options.divisor() == 1) {
				report.write(new Machine(lab.servers(), options.rounds()));
			}
		}
		// Servers and pools have threads that would go on.
		System.exit(0);
	}

	/**
	 * What the command line says.
	 *
	 * @param rows what to measure
	 * @param rounds how often the starter and the client program run in a row
	 * @param divisor by how much sizes are divided, to try the rows quickly
	 * @param again whether to measure what has figures already
	 * @param results where the figures are kept
	 * @param docs the folder of the documentation
	 */
	private record Options(List<Row> rows, int rounds, int divisor, boolean again, Path results, Path docs) {

		static Options of(String[] args) {
			SimpleCommandLinePropertySource line = new SimpleCommandLinePropertySource(args);
			int divisor = Integer.parseInt(line.containsProperty("divisor") ? get(line, "divisor") : "1");
			int rounds = Integer.parseInt(line.containsProperty("rounds") ? get(line, "rounds") : "9");
			List<Row> rows = new ArrayList<>();
			if (line.containsProperty("rows")) {
				for (String id : get(line, "rows").split(",")) {
					rows.add(Rows.all()
						.stream()
						.filter((row) -> row.id().equals(id))
						.findFirst()
						.orElseThrow(() -> new IllegalArgumentException("No row '" + id + "'; there are: "
								+ String.join(", ", Rows.all().stream().map(Row::id).toList()))));
				}
			}
			else if (!line.containsProperty("table")) {
				rows.addAll(Rows.all());
			}
			Path results = Path.of("benchmarks", "target", (divisor == 1) ? "results" : "results-tried");
			return new Options(rows, rounds, divisor, line.containsProperty("again"), results, Path.of("docs"));
		}

		private static String get(SimpleCommandLinePropertySource line, String name) {
			return String.valueOf(line.getProperty(name));
		}

	}

}
