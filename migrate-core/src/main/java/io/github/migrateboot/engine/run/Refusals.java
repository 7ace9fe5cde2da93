package io.github.migrateboot.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.plan.Refusal;

/**
 * Collects why a start would stop, where a run would stop.
 */
final class Refusals {

	private final List<Refusal> all = new ArrayList<>();

	List<Refusal> all() {
		return List.copyOf(this.all);
	}

	void add(MigrationException refusal) {
		this.all.add(new Refusal(refusal.getDescription(), refusal.getSummary(), refusal.getAction()));
	}

	/**
	 * Check something.
	 * @param check fails if the start would stop
	 */
	void check(Runnable check) {
		unless(() -> {
			check.run();
			return true;
		}, false);
	}

	/**
	 * Find something out.
	 * @param question fails if the start would stop
	 * @param otherwise the answer then
	 */
	<T> T unless(Supplier<T> question, T otherwise) {
		try {
			return question.get();
		}
		catch (MigrationException ex) {
			add(ex);
			return otherwise;
		}
	}

}
