package io.github.migrateboot.test;

import java.util.stream.Collectors;

import io.github.migrateboot.safety.Finding;

/**
 * Words what was found as plain text.
 *
 * @param report what was found
 */
record SafetyText(SafetyReport report) {

	private static final int LONGEST_STATEMENT = 120;

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(summary());
		this.report.findings().forEach((finding) -> append(text, finding));
		this.report.problems()
			.forEach((problem) -> text
				.append("\n\n%s:%s  migrate:allow\n  %s".formatted(problem.file(), problem.line(), problem.text())));
		return text.toString();
	}

	private String summary() {
		int files = this.report.files().size();
		int findings = this.report.findings().size();
		String accepted = this.report.accepted().isEmpty() ? ""
				: ", and %s accepted by their files".formatted(count(this.report.accepted().size(), "more finding"));
		return "%s in %s that %s measured%s%s".formatted(count(findings, "finding"), count(files, "migration"),
				(files == 1) ? "was" : "were", accepted, this.report.isSafe() ? "." : ":");
	}

	private static String count(int number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

	private void append(StringBuilder text, Finding finding) {
		Finding.Place place = finding.place();
		text.append("\n\n%s:%s  %s".formatted(place.file(), place.line(), finding.hazard().id()));
		if (finding.table() != null) {
			text.append("  on ").append(finding.table());
		}
		if (finding.lock() != null) {
			text.append("  (").append(finding.lock()).append(')');
		}
		text.append("\n  ").append(statement(finding));
		text.append("\n  ").append(finding.effect());
		if (finding.remedy() != null) {
			text.append("\n  Safe:\n").append(indented(finding.remedy()));
		}
		text.append("\n  To accept it, write into the file:\n    -- migrate:allow ")
			.append(finding.hazard().id())
			.append(": <reason>");
	}

	private String statement(Finding finding) {
		String sql = this.report.file(finding).text(finding.place().statement()).replaceAll("\\s+", " ");
		return (sql.length() > LONGEST_STATEMENT) ? sql.substring(0, LONGEST_STATEMENT - 1) + "…" : sql;
	}

	private static String indented(String sql) {
		return sql.lines().map((line) -> "    " + line).collect(Collectors.joining("\n"));
	}

}
