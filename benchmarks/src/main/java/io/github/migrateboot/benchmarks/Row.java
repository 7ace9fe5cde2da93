package io.github.migrateboot.benchmarks;

/**
 * One row of the table: what is measured, and what the target is.
 */
interface Row {

	/**
	 * Return the name on the command line.
	 */
	String id();

	/**
	 * Return what the table says.
	 */
	String title();

	/**
	 * Return the target.
	 */
	Target target();

	/**
	 * Measure, the tools in turn, so that what else the machine does hits all of them.
	 */
	void measure(Lab lab, Results results) throws Exception;

	/**
	 * What is to be reached.
	 *
	 * @param unit the figures' unit, empty for a count
	 * @param limit what is allowed at most
	 * @param relativeTo whose median the limit is to be multiplied by; empty if the limit
	 * is absolute
	 * @param text the limit for people
	 */
	record Target(String unit, double limit, String relativeTo, String text) {

		static Target of(String unit, double limit) {
			return new Target(unit, limit, "", "≤ %s %s".formatted(Figures.plain(limit), unit).strip());
		}

		static Target times(double limit, Tool tool, String name) {
			return new Target("ms", limit, tool.key(), "≤ %s × %s".formatted(Figures.plain(limit), name));
		}

		/**
		 * A point of a plot.
		 */
		static Target none(String unit) {
			return new Target(unit, Double.POSITIVE_INFINITY, "", "");
		}

	}

}
