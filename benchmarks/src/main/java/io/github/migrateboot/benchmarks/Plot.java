package io.github.migrateboot.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plot with two logarithmic axes, written as SVG.
 *
 * @param title what it shows
 * @param horizontal what the horizontal axis counts
 * @param lines a line for each tool, by its name
 */
record Plot(String title, String horizontal, Map<String, Map<Double, Double>> lines) {

	private static final int LABEL_HEIGHT = 14;

	private static final int WIDTH = 720;

	private static final int HEIGHT = 400;

	private static final int LEFT = 80;

	private static final int RIGHT = 130;

	private static final int TOP = 50;

	private static final int BOTTOM = 55;

	/** Told apart by those who don't see all colours, too. */
	private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#666666");

	String svg() {
		List<Double> xs = values(true);
		List<Double> ys = values(false);
		if (ys.isEmpty()) {
			return "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n";
		}
		Scale x = new Scale(xs.get(0), xs.get(xs.size() - 1), LEFT, WIDTH - RIGHT);
		Scale y = Scale.ofDecades(ys.get(0), ys.get(ys.size() - 1), HEIGHT - BOTTOM, TOP);
		StringBuilder svg = new StringBuilder();
		append(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
				+ " font-size=\"12\">", WIDTH, HEIGHT);
		append(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
		append(svg, "<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>", LEFT, this.title);
		append(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14,
				this.horizontal);
		grid(svg, xs, x, y);
		int colour = 0;
		List<Double> labels = new ArrayList<>();
		for (Map.Entry<String, Map<Double, Double>> line : this.lines.entrySet()) {
			line(svg, line.getKey(), new TreeMap<>(line.getValue()), x, y, labels,
					COLOURS.get(colour++ % COLOURS.size()));
		}
		return svg.append("</svg>\n").toString();
	}

	private List<Double> values(boolean horizontally) {
		List<Double> values = new ArrayList<>();
		this.lines.values().forEach((line) -> values.addAll(horizontally ? line.keySet() : line.values()));
		return values.stream().distinct().sorted().toList();
	}

	private static void grid(StringBuilder svg, List<Double> xs, Scale x, Scale y) {
		for (double value = y.from(); value <= y.to() * 1.001; value *= 10) {
			append(svg, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%3$.1f\" stroke=\"#dddddd\"/>", LEFT, WIDTH - RIGHT,
					y.at(value));
			append(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y.at(value) + 4,
					(value >= 1000) ? Figures.plain(value / 1000) + " s" : Figures.plain(value) + " ms");
		}
		for (double value : xs) {
			append(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x.at(value), HEIGHT - BOTTOM + 18,
					Figures.plain(value));
		}
	}

	private static void line(StringBuilder svg, String name, TreeMap<Double, Double> points, Scale x, Scale y,
			List<Double> labels, String colour) {
		StringBuilder path = new StringBuilder();
		points.forEach((at, value) -> {
			path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(at), y.at(value)));
			append(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x.at(at), y.at(value), colour);
		});
		append(svg, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", path.toString().strip(),
				colour);
		append(svg, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>", x.at(points.lastKey()) + 8,
				free(y.at(points.lastEntry().getValue()) + 4, labels), colour, name);
	}

	/**
	 * Return the next place below that has no label yet, and take it.
	 */
	private static double free(double wanted, List<Double> labels) {
		double place = wanted;
		while (isTaken(place, labels)) {
			place++;
		}
		labels.add(place);
		return place;
	}

	private static boolean isTaken(double place, List<Double> labels) {
		return labels.stream().anyMatch((label) -> Math.abs(label - place) < LABEL_HEIGHT);
	}

	private static void append(StringBuilder svg, String format, Object... arguments) {
		svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

	/**
	 * A logarithmic axis.
	 *
	 * @param from the first value
	 * @param to the last value
	 * @param start where the first value is
	 * @param end where the last value is
	 */
	private record Scale(double from, double to, int start, int end) {

		static Scale ofDecades(double least, double most, int start, int end) {
			return new Scale(Math.pow(10, Math.floor(Math.log10(least))), Math.pow(10, Math.ceil(Math.log10(most))),
					start, end);
		}

		double at(double value) {
			double share = (this.to > this.from) ? Math.log(value / this.from) / Math.log(this.to / this.from) : 0.5;
			return this.start + share * (this.end - this.start);
		}

	}

}
