package io.github.migrateboot.output;

import java.util.List;
import java.util.Locale;

import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.plan.PlannedTable;

/**
 * What text and Markdown say alike.
 */
final class PlanWords {

	/** Of a migration; who wants all of them reads the file. */
	static final int MOST_STATEMENTS = 20;

	private static final String[] UNITS = { "bytes", "kB", "MB", "GB", "TB" };

	private PlanWords() {
	}

	static String headline(String name, boolean several, MigrationPlan plan) {
		int pending = plan.migrations().size();
		int files = plan.applied() + plan.baselined().size() + pending;
		String what = (pending == 0) ? "nothing is pending"
				: count(pending, "migration") + " of " + files + " would be applied";
		return (several ? name + ", " : "") + plan.database() + ": " + what;
	}

	static String lock(MigrationPlan plan) {
		if (plan.lock() == null) {
			return "none";
		}
		return plan.lock() + ((plan.holder() != null) ? "; held by " + plan.holder().describe() : "; free");
	}

	static String transaction(PlannedMigration migration) {
		return switch (migration.transaction()) {
			case WHOLE -> "in one transaction";
			case PARTS -> "partly in transactions";
			case NONE -> "without a transaction";
		};
	}

	static String crash(PlannedMigration migration) {
		return switch (migration.crash()) {
			case UNDONE -> "if it is cut off, it is undone and starts again";
			case RESUMES -> "if it is cut off, the next start resumes it";
			case ASKS -> "if it is cut off, the next start may have to ask";
		};
	}

	static String table(PlannedTable table) {
		if (table.created()) {
			return table.name() + " is new";
		}
		String rows = (table.rows() != null) ? "about " + number(table.rows()) + " rows" : "rows not known";
		if (table.bytes() == null) {
			return table.name() + ": " + rows;
		}
		return table.name() + ": " + rows + ", " + size(table.bytes())
				+ ((table.indexBytes() != null) ? " and " + size(table.indexBytes()) + " of indexes" : "");
	}

	static String place(PlannedFinding planned) {
		return planned.finding().hazard().id() + " in line " + planned.finding().place().line()
				+ ((planned.finding().table() != null) ? ", " + planned.finding().table() : "")
				+ ((planned.finding().lock() != null) ? ", lock " + planned.finding().lock() : "");
	}

	static String effect(PlannedFinding planned) {
		String effect = planned.finding().effect();
		return effect + (effect.endsWith(".") ? "" : ".") + (planned.measured() ? "" : " (not measured)");
	}

	static List<String> ahead(MigrationPlan plan) {
		return plan.ahead().isEmpty() ? List.of() : List
			.of(count(plan.ahead().size(), "migration") + " applied without a file here: " + few(plan.ahead()));
	}

	static List<String> baselined(MigrationPlan plan) {
		return plan.baselined().isEmpty() ? List.of() : List.of(count(plan.baselined().size(), "migration")
				+ " recorded as applied without being run: " + few(plan.baselined()));
	}

	private static String few(List<String> versions) {
		int most = 5;
		return String.join(", ", versions.subList(0, Math.min(versions.size(), most)))
				+ ((versions.size() > most) ? " and " + (versions.size() - most) + " more" : "");
	}

	static String count(int number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

	static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	static String size(long bytes) {
		double size = bytes;
		int unit = 0;
		while (size >= 1024 && unit < UNITS.length - 1) {
			size /= 1024;
			unit++;
		}
		boolean fraction = unit > 0 && size < 10;
		return String.format(Locale.ROOT, fraction ? "%.1f" : "%.0f", size) + " " + UNITS[unit];
	}

}
