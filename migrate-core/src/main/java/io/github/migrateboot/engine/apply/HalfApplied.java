package io.github.migrateboot.engine.apply;

import java.util.List;
import java.util.Objects;

import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.ErrorCode;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlStatement;

/**
 * Words why a migration of which a part may have taken effect cannot go on by itself, and
 * what to do.
 *
 * @param history the tables
 * @param progress what the run has done
 * @param migration the migration as its file is now
 * @param attempt what the journal knows
 */
record HalfApplied(History history, RunProgress progress, Migration migration, JournalAttempt attempt) {

	HalfAppliedMigrationException statementHasChanged(int number, int last) {
		List<SqlStatement> statements = this.migration.statements();
		FailureText changed = (number <= statements.size())
				? FailureText.of("Statement " + number + " (" + line(number) + ") has changed since then")
					.and(excerpt(number))
				: FailureText
					.of("Statement " + number + " is no longer in the file, which has " + statements.size() + ".\n");
		return exception(changed,
				"Put statement " + number + " back as it was and " + again()
						+ ": what has taken effect must stay as it is in the file, only what"
						+ " comes after statement " + last + " may be fixed. " + byHand());
	}

	HalfAppliedMigrationException outcomeIsUnknown(int number, int end, int timesAnswered) {
		JournalEntry entry = this.attempt.entry();
		String what = (end > number)
				? "Statements " + number + " to " + end + ", which count as one (" + line(number) + "),"
				: "Statement " + number + " (" + line(number) + ")";
		String at = (this.attempt.statementAt() != null) ? " started at " + this.attempt.statementAt() : "";
		FailureText why = (entry.error() != null)
				? FailureText.of(" failed in a way that may have left a part of it: ").and(journalled(entry.error()))
				: FailureText.of(" was cut off, so whether it has taken effect is not known");
		return exception(FailureText.of(what + at).and(why).and(excerpt(number)),
				"Look in the database whether it has taken effect; if its session still runs there, wait for its end."
						+ " Then set migrate.resolve to " + answer(number, "skip") + " if it has, or to "
						+ answer(number, "retry") + " if nothing of it has, and " + again() + ". "
						+ once(number, timesAnswered) + byHand());
	}

	/**
	 * A transaction was rolled back, which not every table can.
	 */
	HalfAppliedMigrationException transactionMayHaveStayed(int number, int end, int timesAnswered) {
		return exception(
				FailureText
					.of("Statements " + number + " to " + end + ", which count as one (" + line(number)
							+ "), were cut off in their transaction, so whether it has taken effect is not known")
					.and(excerpt(number)),
				"Look in the database what has become of it, in tables without transactions (MyISAM, Aria, MEMORY …) too,"
						+ " which keep what is rolled back elsewhere. Undo what has stayed and set migrate.resolve to "
						+ answer(number, "retry") + ", or complete it and set migrate.resolve to "
						+ answer(number, "skip") + ", and " + again() + ". " + once(number, timesAnswered) + byHand());
	}

	HalfAppliedMigrationException sessionIsLost(int number, FailureText obstacle, int timesAnswered) {
		return exception(
				FailureText.of("It cannot go on at statement " + number + " (" + line(number) + "), because ")
					.and(obstacle)
					.and(".\n"),
				"Fix the file from statement " + number
						+ " on so that it does not need that, and set migrate.resolve to " + answer(number, "retry")
						+ " to go on there. " + once(number, timesAnswered) + byHand());
	}

	HalfAppliedMigrationException indexIsBeingBuilt(String index) {
		return exception(
				FailureText.of("The index ")
					.and(new FailureText(index + " ", ""))
					.and("that it began is still being built by another session.\n"),
				"Wait until that session has ended (see pg_stat_progress_create_index), or end it with"
						+ " pg_terminate_backend, then start again.");
	}

	/**
	 * The migration is to be applied although its rollback is not whole.
	 */
	HalfAppliedMigrationException isHalfRolledBack() {
		JournalEntry entry = this.attempt.entry();
		FailureText error = (entry.error() != null) ? FailureText.of("Statement " + entry.statement() + " failed: ")
			.and(journalled(entry.error()))
			.and("\n") : FailureText.of("");
		return exception(error,
				"Finish the rollback: start one instance with migrate.enabled=false, and if need be with a fixed file, and"
						+ " roll back again there, with POST /actuator/migrate/rollback. " + byHand());
	}

	private boolean isAboutRollback() {
		return this.attempt.entry().state().isReverting();
	}

	private String again() {
		return this.migration.direction().again();
	}

	private HalfAppliedMigrationException exception(FailureText problem, String action) {
		JournalEntry entry = this.attempt.entry();
		String done = (entry.done() == 0) ? "no statement is known to have taken effect"
				: "statements 1 to " + entry.done() + " have taken effect";
		return new HalfAppliedMigrationException(FailureText
			.of((isAboutRollback() ? "The rollback of " : "Migration ") + entry.name() + " was started at "
					+ entry.startedAt() + " by " + entry.instance() + " and is not whole: " + done + ", of "
					+ entry.statements() + ". ")
			.and(problem)
			.and(" " + this.progress.summary().undone()), action, null);
	}

	private static FailureText journalled(String error) {
		return new FailureText(error, Objects.requireNonNullElse(ErrorCode.in(error), "see the journal"));
	}

	private String line(int number) {
		return (number <= this.migration.statements().size())
				? "line " + this.migration.statements().get(number - 1).line() + " today" : "not in the file today";
	}

	private FailureText excerpt(int number) {
		return (number <= this.migration.statements().size()) ? new FailureText(
				".\nStatement: " + SqlExcerpt.of(this.migration.statements().get(number - 1).text()) + "\n", ".\n")
				: FailureText.of(".\n");
	}

	private String answer(int number, String action) {
		return this.migration.version() + ":" + number + "=" + action;
	}

	private static String once(int number, int timesAnswered) {
		return "Each answer counts once" + ((timesAnswered == 0) ? ". "
				: ", and " + timesAnswered + " about statement " + number + ((timesAnswered == 1) ? " has" : " have")
						+ " been used: leave what is there and add the new one to the list. ");
	}

	private String byHand() {
		String version = this.history.database().dialect().literal(this.migration.version());
		String journal = this.history.database().quote(this.history.table().with("_journal"));
		if (isAboutRollback()) {
			return "Or do it by hand: complete its down block and run: DELETE FROM " + journal + " WHERE version = "
					+ version
					+ "; then it counts as not applied, and the next start applies it. Or undo what has taken effect of its"
					+ " down block and run: " + recordByHand(this.history, this.migration)
					+ "; then it counts as applied.";
		}
		return "Or do it by hand: undo what has taken effect, remove the answers to it from migrate.resolve and run:"
				+ " DELETE FROM " + journal + " WHERE version = " + version
				+ "; then the next start runs it from its first statement. Or complete it by hand and run: "
				+ recordByHand(this.history, this.migration) + "; then it counts as applied.";
	}

	static String recordByHand(History history, Migration migration) {
		return "INSERT INTO " + history.database().quote(history.table()) + " (version) VALUES ("
				+ history.database().dialect().literal(migration.version()) + ")";
	}

}
