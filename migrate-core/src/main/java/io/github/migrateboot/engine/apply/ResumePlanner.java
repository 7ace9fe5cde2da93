package io.github.migrateboot.engine.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.settings.Resolution;

/**
 * Finds out where a migration that was started is resumed: behind the statements that
 * have surely taken effect, if they are still what they were. Changes nothing.
 */
public final class ResumePlanner {

	private final Connection connection;

	private final History history;

	private final List<Resolution> resolve;

	private final RunProgress progress;

	/**
	 * Create a planner.
	 * @param connection the migrating connection
	 * @param history the tables
	 * @param resolve answers to unknown outcomes
	 * @param progress what the run has done
	 */
	public ResumePlanner(Connection connection, History history, List<Resolution> resolve, RunProgress progress) {
		this.connection = connection;
		this.history = history;
		this.resolve = resolve;
		this.progress = progress;
	}

	/**
	 * Plan how to run a migration.
	 * @throws HalfAppliedMigrationException if a person has to look
	 */
	public ResumePoint plan(Migration migration) throws SQLException {
		Optional<JournalAttempt> attempt = this.history.attempt(this.connection, migration.version());
		if (attempt.isEmpty()) {
			return ResumePoint.FRESH;
		}
		Resolutions answers = new Resolutions(this.resolve, migration.version(), attempt.get().answers());
		HalfApplied wording = new HalfApplied(this.history, this.progress, migration, attempt.get());
		return new ResumeDecision(this.connection, this.history.database(), migration, attempt.get(), answers, wording)
			.decide();
	}

}
