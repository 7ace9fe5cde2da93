package io.github.migrateboot.output;

import java.util.List;
import java.util.Map;

import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.plan.PlannedStatement;

/**
 * Writes plans as Markdown, for a comment on a pull request.
 */
public final class PlanMarkdown {

	private final StringBuilder text = new StringBuilder();

	private PlanMarkdown() {
	}

	/**
	 * Write plans.
	 * @param plans the plans by database
	 * @return the Markdown
	 */
	public static String of(Map<String, MigrationPlan> plans) {
		PlanMarkdown markdown = new PlanMarkdown();
		markdown.line("# Migration plan");
		plans.forEach((name, plan) -> markdown.add(PlanWords.headline(name, plans.size() > 1, plan), plan));
		return markdown.text.toString();
	}

	private void add(String headline, MigrationPlan plan) {
		line("");
		line("## " + escape(headline));
		line("");
		line("- History: " + code(plan.table()));
		line("- Lock: " + escape(PlanWords.lock(plan)));
		PlanWords.ahead(plan).forEach((ahead) -> line("- " + escape(ahead)));
		PlanWords.baselined(plan).forEach((baselined) -> line("- " + escape(baselined)));
		plan.refusals()
			.forEach((refusal) -> line("- **A start would stop:** "
					+ escape((refusal.description() + " " + refusal.action()).replaceAll("\\s+", " "))));
		plan.migrations().forEach(this::add);
	}

	private void add(PlannedMigration migration) {
		line("");
		line("### " + escape(migration.name()));
		line("");
		line(sentence(PlanWords.count(migration.statements().size(), "statement") + " "
				+ PlanWords.transaction(migration) + "; " + PlanWords.crash(migration) + "."));
		if (migration.first() > 1) {
			line("It was started before and resumes at statement " + migration.first() + ".");
		}
		statements(migration.statements());
		if (!migration.tables().isEmpty()) {
			line("");
			migration.tables().forEach((table) -> line("- " + escape(PlanWords.table(table))));
		}
		migration.warnings().forEach((warning) -> line("- Warning: " + escape(warning)));
		migration.findings().forEach(this::add);
	}

	private void statements(List<PlannedStatement> statements) {
		if (statements.isEmpty()) {
			return;
		}
		line("");
		line("| | line | statement | if cut off |");
		line("|---|---|---|---|");
		for (PlannedStatement statement : statements.subList(0,
				Math.min(statements.size(), PlanWords.MOST_STATEMENTS))) {
			String crash = switch (statement.crash()) {
				case UNDONE -> "undone";
				case RESUMES -> "resumes";
				case ASKS -> (statement.reason() != null) ? "asks: " + statement.reason() : "asks";
			};
			line("| " + statement.number() + " | " + statement.line() + " | "
					+ code(statement.text()).replace("|", "\\|") + " | " + escape(crash) + " |");
		}
		if (statements.size() > PlanWords.MOST_STATEMENTS) {
			line("");
			line("… and " + (statements.size() - PlanWords.MOST_STATEMENTS) + " more.");
		}
	}

	private void add(PlannedFinding planned) {
		line("");
		line((planned.isAllowed() ? "Allowed: " : "**Finding:** ") + escape(PlanWords.place(planned)) + ". "
				+ escape(PlanWords.effect(planned)));
		if (planned.isAllowed()) {
			line("Its author allows it: " + escape(String.valueOf(planned.allowed())));
			return;
		}
		String remedy = planned.finding().remedy();
		if (remedy != null) {
			line("");
			String fence = fence(remedy);
			line(fence + "sql");
			line(remedy);
			line(fence);
		}
	}

	private static String sentence(String text) {
		return Character.toUpperCase(text.charAt(0)) + text.substring(1);
	}

	/**
	 * Return a text as code in one line, whatever backticks it has.
	 */
	private static String code(String text) {
		int longest = 0;
		int run = 0;
		for (char character : text.toCharArray()) {
			run = (character == '`') ? run + 1 : 0;
			longest = Math.max(longest, run);
		}
		String fence = "`".repeat(longest + 1);
		return (longest > 0) ? fence + " " + text + " " + fence : fence + text + fence;
	}

	private static String fence(String text) {
		String fence = "```";
		while (text.contains(fence)) {
			fence += "`";
		}
		return fence;
	}

	private static String escape(String text) {
		return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_<>\\[\\]|])", "\\\\$1");
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
