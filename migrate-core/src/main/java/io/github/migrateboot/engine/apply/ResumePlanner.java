package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SessionReplay;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.SessionEffects;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.settings.Resolution.Action;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a migration that was begun goes on: behind the statements that have
 * surely taken effect, if they are still what they were. Changes nothing.
 */
public final class ResumePlanner {

	private final RunContext run;

	private final Migration migration;

	private final List<SqlStatement> statements;

	private final JournalAttempt attempt;

	private final Resolutions answers;

	private final HalfApplied wording;

	private @Nullable String leftover;

	private ResumePlanner(RunContext run, Migration migration, JournalAttempt attempt) {
		this.run = run;
		this.migration = migration;
		this.statements = migration.statements();
		this.attempt = attempt;
		this.answers = new Resolutions(run.resolve(), migration.version(), attempt.answers());
		this.wording = new HalfApplied(run, migration, attempt);
	}

	/**
	 * Plan how to apply a migration.
	 * @throws io.github.migrateboot.failure.HalfAppliedMigrationException if a person has
	 * to look
	 */
	public static ResumePoint plan(RunContext run, Migration migration) throws SQLException {
		JournalAttempt attempt = run.reader().attempt(run.connection(), migration.version()).orElse(null);
		return (attempt != null) ? new ResumePlanner(run, migration, attempt).plan() : ResumePoint.FRESH;
	}

	/**
	 * Plan how to roll a migration back that counts as applied. Whatever its journal row
	 * says is a thing of the past, except which answers have been used.
	 */
	public static ResumePoint planRollback(@Nullable JournalAttempt before) {
		return (before != null) ? new ResumePoint(true, 0, null, List.of(), before.answers(), false)
				: ResumePoint.FRESH;
	}

	private ResumePoint plan() throws SQLException {
		JournalState state = this.attempt.entry().state();
		if (state.isReverting() && !this.migration.isDown()) {
			throw this.wording.isHalfRolledBack();
		}
		if (state == JournalState.APPLIED || state == JournalState.BASELINE || state == JournalState.REVERTED) {
			// Rolled back, for example by dbmate; answers stay used.
			return new ResumePoint(true, 0, null, List.of(), this.attempt.answers(), false);
		}
		int done = settle();
		requireUnchanged(done);
		SessionReplay session = new SessionReplay(this.run.database(), this.migration, done + 1);
		String obstacle = session.obstacle();
		if (obstacle != null && this.answers.use(done + 1, Action.RETRY) == null) {
			throw this.wording.sessionIsLost(done + 1, obstacle, this.answers.timesUsed(done + 1));
		}
		String used = this.answers.used();
		return new ResumePoint(true, done, this.leftover, session.replays(), used,
				!used.equals(this.attempt.answers()));
	}

	/**
	 * Settle what has become of the statement that was begun last.
	 * @return how many statements have taken effect, or count as if they had
	 */
	private int settle() throws SQLException {
		int done = this.attempt.entry().done();
		int begun = this.attempt.entry().statement();
		String building = this.attempt.building();
		if (begun == 0) {
			return done;
		}
		if (building != null) {
			return settleIndex(building, begun, done);
		}
		if (hasFailed()) {
			return done;
		}
		if (isUnchanged(begun) && !isPartOfMore(begun)) {
			SqlStatement statement = this.statements.get(begun - 1);
			if (isCommit(statement)) {
				// The journal's row of it is in the transaction that it commits.
				return begun;
			}
			if (leavesNothing(statement)) {
				return done;
			}
		}
		return ask(begun, done);
	}

	private int settleIndex(String building, int begun, int done) throws SQLException {
		ConcurrentIndexes indexes = this.run.database().inspection().concurrentIndexes();
		ConcurrentIndexes.State state = (indexes != null) ? indexes.look(this.run.connection(), building)
				: ConcurrentIndexes.State.UNKNOWN;
		return switch (state) {
			case ABSENT -> done;
			case VALID -> (hasFailed() && !isUnchanged(begun)) ? done : begun;
			case INVALID -> {
				this.leftover = building;
				yield done;
			}
			case BEING_BUILT -> throw this.wording.indexIsBeingBuilt(building);
			case UNKNOWN -> ask(begun, done);
		};
	}

	private boolean hasFailed() {
		JournalState state = this.attempt.entry().state();
		return state == JournalState.FAILED || state == JournalState.REVERT_FAILED;
	}

	private int ask(int begun, int done) {
		Action action = this.answers.use(begun, Action.values());
		if (action == null) {
			throw this.wording.outcomeIsUnknown(begun, end(begun), this.answers.timesUsed(begun));
		}
		return (action == Action.RETRY) ? done : end(begun);
	}

	private boolean isPartOfMore(int number) {
		return end(number) > number || (number > 1 && end(number - 1) >= number);
	}

	private int end(int number) {
		return SessionTracker.end(this.migration, number, this.run.database().has(Capability.LOCK_TABLES));
	}

	private static boolean isCommit(SqlStatement statement) {
		return statement.kind() == Kind.TRANSACTION_CONTROL
				&& ((statement.startsWith("COMMIT") && !statement.startsWith("COMMIT", "PREPARED"))
						|| statement.startsWith("END"));
	}

	/**
	 * Return whether the statement cannot have left anything: a setting of the session; a
	 * transaction's beginning, because the journal would know of a later statement if it
	 * had been committed; a concurrent build that could not begin, because the journal
	 * would know what was built.
	 */
	private boolean leavesNothing(SqlStatement statement) {
		if (statement.kind() == Kind.TRANSACTION_CONTROL) {
			return statement.startsWith("BEGIN") || statement.startsWith("START") || statement.startsWith("SET")
					|| (statement.startsWith("ROLLBACK") && !statement.startsWith("ROLLBACK", "PREPARED"));
		}
		ConcurrentIndexes indexes = this.run.database().inspection().concurrentIndexes();
		return (indexes != null && indexes.isCreation(statement.text()))
				|| new SessionEffects(this.run.database().syntax()).isSetting(statement);
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

}
