package io.github.migrateboot.benchmarks;

import java.util.List;

/**
 * What is measured together: one line of the table or several.
 */
interface Row {

	/**
	 * Return the name on the command line.
	 */
	String id();

	/**
	 * Return what the table has of it.
	 */
	List<Line> lines();

	/**
	 * Measure, the tools in turn, so that what else the machine does hits all of them.
	 */
	void measure(Lab lab, Results results) throws Exception;

	/**
	 * A line of the table.
	 *
	 * @param title what was measured
	 * @param target the target
	 * @param series the name of the figures; empty if a tool has only one series
	 */
	record Line(String title, Target target, String series) {

		static Line of(String title, Target target) {
			return new Line(title, target, "");
		}

	}

	/**
	 * What is to be reached.
	 *
	 * @param unit the figures' unit, empty for a count
	 * @param limit what is allowed at most, infinite if there is no target
	 * @param relative whether the limit is a multiple of what the client program needs
	 * @param text the limit for people
	 */
	record Target(String unit, double limit, boolean relative, String text) {

		static Target of(String unit, double limit) {
			return new Target(unit, limit, false, "≤ %s %s".formatted(Figures.plain(limit), unit).strip());
		}

		static Target times(double limit, Server server) {
			return new Target("ms", limit, true, "≤ %s × %s".formatted(Figures.plain(limit), server.client()));
		}

		/**
		 * Return the target of something that is only reported.
		 */
		static Target none(String unit, boolean relative) {
			return new Target(unit, Double.POSITIVE_INFINITY, relative, "reported");
		}

		boolean isNone() {
			return Double.isInfinite(this.limit);
		}

	}

}
