package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;

import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SectionSteps;
import io.github.migrateboot.engine.plan.SessionReplay;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.Resolution.Action;
import org.jspecify.annotations.Nullable;

/**
 * Decides where one migration is resumed that was started.
 */
final class ResumeDecision {

	private final Connection connection;

	private final Database database;

	private final Migration migration;

	private final List<SqlStatement> statements;

	private final JournalAttempt attempt;

	private final Resolutions answers;

	private final HalfApplied wording;

	ResumeDecision(Connection connection, Database database, Migration migration, JournalAttempt attempt,
			Resolutions answers, HalfApplied wording) {
		this.connection = connection;
		this.database = database;
		this.migration = migration;
		this.statements = migration.statements();
		this.attempt = attempt;
		this.answers = answers;
		this.wording = wording;
	}

	ResumePoint decide() throws SQLException {
		JournalState state = this.attempt.entry().state();
		if (state.isReverting() && !this.migration.isDown()) {
			throw this.wording.isHalfRolledBack();
		}
		if (state == JournalState.APPLIED || state == JournalState.BASELINE || state == JournalState.REVERTED) {
			// Rolled back, for example by dbmate; answers stay used.
			return new ResumePoint(true, 0, null, List.of(), this.attempt.answers(), false);
		}
		Settled settled = settle();
		int done = settled.done();
		requireUnchanged(done);
		SessionReplay session = new SessionReplay(this.database, this.migration, done + 1);
		FailureText obstacle = session.obstacle();
		if (obstacle != null && this.answers.use(done + 1, Action.RETRY) == null) {
			throw this.wording.sessionIsLost(done + 1, obstacle, this.answers.timesUsed(done + 1));
		}
		String used = this.answers.used();
		return new ResumePoint(true, done, settled.leftover(), session.replays(), used,
				!used.equals(this.attempt.answers()));
	}

	/**
	 * Settle what has become of the statement that was started last.
	 */
	private Settled settle() throws SQLException {
		int done = this.attempt.entry().done();
		int started = this.attempt.entry().statement();
		String building = this.attempt.building();
		if (started == 0) {
			return new Settled(done);
		}
		if (building != null) {
			return settleIndex(building, started, done);
		}
		if (hasFailed()) {
			return new Settled(failed(started, done));
		}
		SectionSteps steps = isUnchanged(started) ? SectionSteps.of(this.database, this.migration, started) : null;
		if (steps == null) {
			return new Settled(ask(started, started, done));
		}
		SqlStatement statement = this.statements.get(started - 1);
		if (steps.isUndone(statement)) {
			List<SqlStatement> undone = steps.undone(statement);
			int last = undone.get(undone.size() - 1).number();
			return new Settled(ask(done, last, (used) -> this.wording.transactionMayHaveStayed(done + 1, last, used)));
		}
		int end = steps.end(started);
		if (end == 0) {
			// The journal's row of a commit is in the transaction that it commits.
			return new Settled(SessionTracker.isCommit(statement) ? started : done);
		}
		if (end == started && isIndexNotStarted(statement)) {
			return new Settled(done);
		}
		return new Settled(ask(started, end, done));
	}

	/**
	 * A concurrent build that could not begin, because the journal would know what was
	 * built.
	 */
	private boolean isIndexNotStarted(SqlStatement statement) {
		ConcurrentIndexes indexes = this.database.inspection().concurrentIndexes();
		return indexes != null && indexes.isCreation(statement.text());
	}

	private Settled settleIndex(String building, int started, int done) throws SQLException {
		ConcurrentIndexes indexes = this.database.inspection().concurrentIndexes();
		ConcurrentIndexes.State state = (indexes != null) ? indexes.look(this.connection, building)
				: ConcurrentIndexes.State.UNKNOWN;
		return switch (state) {
			case ABSENT -> new Settled(done);
			case VALID -> new Settled((hasFailed() && !isUnchanged(started)) ? done : started);
			case INVALID -> new Settled(done, building);
			case BEING_BUILT -> throw this.wording.indexIsBeingBuilt(building);
			case UNKNOWN -> new Settled(ask(started, started, done));
		};
	}

	/**
	 * A statement that failed after an answer had it tried again may have taken effect
	 * before.
	 */
	private int failed(int started, int done) {
		return (this.answers.wasTriedAgain(started) && this.answers.use(started, Action.SKIP) != null) ? started : done;
	}

	private boolean hasFailed() {
		JournalState state = this.attempt.entry().state();
		return state == JournalState.FAILED || state == JournalState.REVERT_FAILED;
	}

	/**
	 * Ask what has become of a step.
	 * @param started the statement that the journal names
	 * @param end the last one that is in doubt
	 * @param done the last one that is not
	 */
	private int ask(int started, int end, int done) {
		int last = Math.max(started, end);
		return ask(done, last, (used) -> this.wording.outcomeIsUnknown(done + 1, last, used));
	}

	private int ask(int done, int last, IntFunction<HalfAppliedMigrationException> question) {
		Action action = this.answers.use(done + 1, Action.values());
		if (action == null) {
			throw question.apply(this.answers.timesUsed(done + 1));
		}
		return (action == Action.RETRY) ? done : last;
	}

	private void requireUnchanged(int last) {
		for (int number = 1; number <= last; number++) {
			if (!isUnchanged(number)) {
				throw this.wording.statementHasChanged(number, last);
			}
		}
	}

	private boolean isUnchanged(int number) {
		return number <= this.statements.size() && number <= this.attempt.hashes().size()
				&& Migration.hash(this.statements.get(number - 1)).equals(this.attempt.hashes().get(number - 1));
	}

	/**
	 * What has become of the statement that was started last.
	 *
	 * @param done how many statements have taken effect, or count as if they had
	 * @param leftover the index to be removed before it is built again, or {@code null}
	 */
	private record Settled(int done, @Nullable String leftover) {

		Settled(int done) {
			this(done, null);
		}

	}

}
