package io.github.migrateboot.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Figures of one kind, in the order in which they were measured.
 *
 * @param values the figures
 */
record Series(double[] values) {

	boolean isEmpty() {
		return this.values.length == 0;
	}

	double last() {
		return this.values[this.values.length - 1];
	}

	double median() {
		return quantile(0.5);
	}

	/**
	 * Return what a share of the figures is not greater than, between the two nearest.
	 */
	double quantile(double share) {
		double[] sorted = this.values.clone();
		Arrays.sort(sorted);
		double place = share * (sorted.length - 1);
		int below = (int) place;
		int above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
	}

	/**
	 * Return how often these figures are the others, each divided by the one that was
	 * measured next to it.
	 */
	Series dividedBy(Series others) {
		return new Series(IntStream.range(0, Math.min(this.values.length, others.values.length))
			.mapToDouble((i) -> this.values[i] / others.values[i])
			.toArray());
	}

}
