package io.github.migrateboot.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a round.
 */
final class Verdict {

	private final Plan plan;

	private final List<Fault> struck = new ArrayList<>();

	private final List<Fault> missed = new ArrayList<>();

	private final List<String> violations = new ArrayList<>();

	private final List<String> outputs = new ArrayList<>();

	private int questions;

	private int trips;

	private Duration lockFree = Duration.ZERO;

	private Duration took = Duration.ZERO;

	Verdict(Plan plan) {
		this.plan = plan;
	}

	Plan plan() {
		return this.plan;
	}

	void struck(Fault fault) {
		this.struck.add(fault);
	}

	/**
	 * Note a fault for which all processes had ended too early.
	 */
	void missed(Fault fault) {
		this.missed.add(fault);
	}

	List<Fault> struck() {
		return this.struck;
	}

	List<Fault> missed() {
		return this.missed;
	}

	/**
	 * Return how many statements may have been cut off.
	 */
	long interruptions() {
		return this.struck.stream().filter(Fault::interrupts).count();
	}

	void violation(String what) {
		this.violations.add(what);
	}

	List<String> violations() {
		return this.violations;
	}

	void output(String output) {
		this.outputs.add(output);
	}

	/**
	 * Note that a start stopped and asked for the outcome of a statement.
	 */
	void question() {
		this.questions++;
	}

	int questions() {
		return this.questions;
	}

	/**
	 * Note how often the fuse has ended a try.
	 */
	void tripped(int trips) {
		this.trips = trips;
	}

	int trips() {
		return this.trips;
	}

	void lockFree(Duration after) {
		this.lockFree = after;
	}

	Duration lockFree() {
		return this.lockFree;
	}

	void took(Duration took) {
		this.took = took;
	}

	Duration took() {
		return this.took;
	}

	/**
	 * Return everything that helps to find out what went wrong.
	 */
	String report() {
		return "%s seed %d: %d processes, %s%n  %s%n%s".formatted(this.plan.title(), this.plan.seed(),
				this.plan.processes(), this.plan.strikes(), String.join(System.lineSeparator() + "  ", this.violations),
				String.join(System.lineSeparator(), this.outputs));
	}

	@Override
	public String toString() {
		return "%s seed %d: %s, missed %s, %d questions, %d trips, lock free after %d ms, %d ms, %d violations"
			.formatted(this.plan.title(), this.plan.seed(), this.struck, this.missed, this.questions, this.trips,
					this.lockFree.toMillis(), this.took.toMillis(), this.violations.size());
	}

}
