package io.github.migrateboot.engine.run;

import java.util.function.BiPredicate;
import java.util.function.Supplier;

import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.execution.TurnCheck;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.HistorySnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the history whose turn it is.
 */
final class HistoryTurns implements TurnCheck {

	private final Supplier<HistorySnapshot> history;

	private final BiPredicate<HistorySnapshot, String> over;

	private final Decision decision;

	private @Nullable HistorySnapshot lastSeen;

	/**
	 * Create the decisions of a run.
	 * @param history reads the history
	 * @param over whether the history says that a migration is done
	 * @param decision decides about a migration that is not
	 */
	HistoryTurns(Supplier<HistorySnapshot> history, BiPredicate<HistorySnapshot, String> over, Decision decision) {
		this.history = history;
		this.over = over;
		this.decision = decision;
	}

	@Override
	public boolean wasOver(String version) {
		return this.lastSeen != null && this.over.test(this.lastSeen, version);
	}

	@Override
	public boolean isOver(String version) {
		return this.over.test(read(), version);
	}

	@Override
	public Turn decide(String version) {
		HistorySnapshot now = read();
		return this.over.test(now, version) ? Turn.OVER : this.decision.decide(now, version);
	}

	private HistorySnapshot read() {
		HistorySnapshot now = this.history.get();
		this.lastSeen = now;
		return now;
	}

	/**
	 * Decides about a migration that is not done.
	 */
	@FunctionalInterface
	interface Decision {

		/**
		 * Decide how it is run.
		 * @throws MigrationException if it must not be
		 */
		Turn decide(HistorySnapshot history, String version);

	}

}
