package io.github.migrateboot.benchmarks;

import java.util.Locale;

/**
 * Writes figures as people read them.
 */
final class Figures {

	private Figures() {
	}

	/**
	 * Return a figure with three digits that mean something.
	 */
	static String plain(double value) {
		if (value == Math.rint(value) || Math.abs(value) >= 100) {
			return String.format(Locale.ROOT, "%,d", Math.round(value));
		}
		return String.format(Locale.ROOT, (Math.abs(value) >= 10) ? "%.1f" : "%.2f", value);
	}

	static String with(String unit, double value) {
		if ("ms".equals(unit) && Math.abs(value) >= 10_000) {
			return plain(Math.round(value / 100) / 10.0) + " s";
		}
		return plain(value) + (unit.isEmpty() ? "" : " " + unit);
	}

}
