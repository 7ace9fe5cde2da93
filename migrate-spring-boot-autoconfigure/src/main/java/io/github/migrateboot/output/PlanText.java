package io.github.migrateboot.output;

import java.util.List;
import java.util.Map;

import io.github.migrateboot.plan.CrashOutcome;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.plan.PlannedStatement;

/**
 * Writes plans as text, for the log.
 */
public final class PlanText {

	private final StringBuilder text = new StringBuilder();

	private PlanText() {
	}

	/**
	 * Write plans.
	 * @param plans the plans by database
	 * @return the text, several lines
	 */
	public static String of(Map<String, MigrationPlan> plans) {
		PlanText text = new PlanText();
		plans.forEach((name, plan) -> text.add(PlanWords.headline(name, plans.size() > 1, plan), plan));
		return text.text.toString().stripTrailing();
	}

	private void add(String headline, MigrationPlan plan) {
		line(headline);
		line("  history " + plan.table());
		line("  lock    " + PlanWords.lock(plan));
		PlanWords.ahead(plan).forEach((ahead) -> line("  " + ahead));
		PlanWords.baselined(plan).forEach((baselined) -> line("  " + baselined));
		plan.refusals().forEach((refusal) -> {
			line("  A start would stop: " + refusal.description());
			line("    " + refusal.action());
		});
		plan.migrations().forEach(this::add);
	}

	private void add(PlannedMigration migration) {
		line("");
		line(migration.name() + ": " + PlanWords.count(migration.statements().size(), "statement") + " "
				+ PlanWords.transaction(migration) + "; " + PlanWords.crash(migration));
		if (migration.first() > 1) {
			line("  was started before and resumes at statement " + migration.first());
		}
		List<PlannedStatement> statements = migration.statements();
		statements.stream().limit(PlanWords.MOST_STATEMENTS).forEach((statement) -> add(migration, statement));
		if (statements.size() > PlanWords.MOST_STATEMENTS) {
			line("  … and " + (statements.size() - PlanWords.MOST_STATEMENTS) + " more");
		}
		migration.tables().forEach((table) -> line("  table " + PlanWords.table(table)));
		migration.warnings().forEach((warning) -> line("  warning: " + warning));
		migration.findings().forEach(this::add);
	}

	private void add(PlannedMigration migration, PlannedStatement statement) {
		boolean differs = statement.crash() != migration.crash() || statement.reason() != null;
		line("  " + statement.number() + ". line " + statement.line() + ": " + statement.text());
		if (statement.reason() != null) {
			line("     cut off here, the next start asks: " + statement.reason());
		}
		else if (differs) {
			line("     cut off here, " + crash(statement.crash()));
		}
	}

	private static String crash(CrashOutcome crash) {
		return switch (crash) {
			case UNDONE -> "it is undone and run again";
			case RESUMES -> "the next start resumes";
			case ASKS -> "the next start asks";
		};
	}

	private void add(PlannedFinding planned) {
		line("  " + (planned.isAllowed() ? "allowed: " : "! ") + PlanWords.place(planned));
		line("    " + PlanWords.effect(planned));
		if (planned.isAllowed()) {
			line("    Its author allows it: " + planned.allowed());
			return;
		}
		String remedy = planned.finding().remedy();
		if (remedy != null) {
			line("    Instead:");
			remedy.lines().forEach((line) -> line("      " + line));
		}
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
