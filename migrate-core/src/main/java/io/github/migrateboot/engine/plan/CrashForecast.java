package io.github.migrateboot.engine.plan;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.plan.CrashOutcome;
import io.github.migrateboot.plan.PlannedMigration.Transaction;
import io.github.migrateboot.plan.PlannedStatement;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Says what would become of a migration if the process died at one of its statements, by
 * the same steps by which it would be journalled and resumed.
 */
public final class CrashForecast {

	private final Database database;

	private final Migration migration;

	private final boolean whole;

	private final boolean needsSession;

	private final List<PlannedStatement> statements = new ArrayList<>();

	/**
	 * Create a forecast.
	 * @param database the kind of database
	 * @param migration the migration
	 */
	public CrashForecast(Database database, Migration migration) {
		this.database = database;
		this.migration = migration;
		this.whole = migration.isTransactional() && database.has(Capability.TRANSACTIONAL_DDL);
		this.needsSession = !this.whole && SessionReplay.mayLeaveTraces(database, migration);
		migration.script().sections().forEach(this::add);
	}

	/**
	 * Return how much of the migration is undone together.
	 */
	public Transaction transaction() {
		if (this.whole) {
			return Transaction.WHOLE;
		}
		return this.statements.stream().anyMatch((statement) -> statement.crash() == CrashOutcome.UNDONE)
				? Transaction.PARTS : Transaction.NONE;
	}

	/**
	 * Return the statements with what would become of the migration at each.
	 */
	public List<PlannedStatement> statements() {
		return List.copyOf(this.statements);
	}

	private void add(Section section) {
		if (this.whole) {
			section.statements().forEach((statement) -> add(statement, CrashOutcome.UNDONE, null));
		}
		else if (!section.statements().isEmpty()) {
			add(section, SectionSteps.of(this.database, section));
		}
	}

	private void add(Section section, SectionSteps steps) {
		int step = section.statements().get(0).number();
		int undoneFrom = 0;
		for (SqlStatement statement : section.statements()) {
			step = steps.begins(statement) ? statement.number() : step;
			CrashOutcome outcome = outcome(steps, statement, step);
			if (outcome != CrashOutcome.UNDONE) {
				undoneFrom = 0;
			}
			else if (undoneFrom == 0) {
				undoneFrom = statement.number();
			}
			FailureText obstacle = (this.needsSession && outcome != CrashOutcome.ASKS)
					? new SessionReplay(this.database, this.migration, (undoneFrom > 0) ? undoneFrom : step).obstacle()
					: null;
			if (obstacle != null) {
				add(statement, CrashOutcome.ASKS, obstacle.full());
			}
			else {
				add(statement, outcome, null);
			}
		}
	}

	private CrashOutcome outcome(SectionSteps steps, SqlStatement statement, int step) {
		if (steps.isUndone(statement)) {
			return CrashOutcome.UNDONE;
		}
		ConcurrentIndexes indexes = this.database.inspection().concurrentIndexes();
		if (indexes != null && indexes.isNamedCreation(statement.text())) {
			return CrashOutcome.RESUMES;
		}
		return (steps.end(step) == 0) ? CrashOutcome.RESUMES : CrashOutcome.ASKS;
	}

	private void add(SqlStatement statement, CrashOutcome crash, @Nullable String reason) {
		this.statements.add(new PlannedStatement(statement.number(), statement.line(),
				SqlExcerpt.line(statement.text()), crash, reason));
	}

}
