package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What was measured for one row: a series of figures for each tool. Kept in a file, so
 * that a measurement that was interrupted goes on with the next row.
 */
final class Results {

	private static final String DATE = "date";

	private final Path file;

	private final Map<String, double[]> series = new TreeMap<>();

	private String date = LocalDate.now().toString();

	private Results(Path file) {
		this.file = file;
	}

	static Results read(Path folder, String row) throws IOException {
		Results results = new Results(folder.resolve(row + ".properties"));
		if (Files.exists(results.file)) {
			Properties properties = new Properties();
			try (Reader reader = Files.newBufferedReader(results.file)) {
				properties.load(reader);
			}
			results.date = properties.getProperty(DATE, results.date);
			properties.stringPropertyNames()
				.stream()
				.filter((key) -> !DATE.equals(key))
				.forEach((key) -> results.series.put(key,
						Arrays.stream(properties.getProperty(key).split(","))
							.mapToDouble(Double::parseDouble)
							.toArray()));
		}
		return results;
	}

	void write() throws IOException {
		Properties properties = new Properties();
		properties.setProperty(DATE, this.date);
		this.series.forEach((key, values) -> properties.setProperty(key,
				Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(","))));
		Files.createDirectories(this.file.toAbsolutePath().getParent());
		try (Writer writer = Files.newBufferedWriter(this.file)) {
			properties.store(writer, null);
		}
	}

	boolean isEmpty() {
		return this.series.isEmpty();
	}

	void clear() {
		this.series.clear();
		this.date = LocalDate.now().toString();
	}

	String date() {
		return this.date;
	}

	void add(Tool tool, String name, double value) {
		String key = key(tool, name);
		double[] before = this.series.getOrDefault(key, new double[0]);
		this.series.put(key, DoubleStream.concat(Arrays.stream(before), DoubleStream.of(value)).toArray());
		System.out.printf("    %-24s %,.2f%n", key, value);
	}

	/**
	 * Return the figures of a tool, in the order in which they were measured.
	 * @param tool the tool
	 * @param name the name of the series; empty if the tool has only one
	 */
	Series get(Tool tool, String name) {
		return new Series(this.series.getOrDefault(key(tool, name), new double[0]));
	}

	private static String key(Tool tool, String name) {
		return name.isEmpty() ? tool.key() : tool.key() + "." + name;
	}

}
