package io.github.migrateboot.test.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.SqlStatement;

/**
 * What is found about the files of a run, collected as they come. Not thread-safe.
 */
public final class LintResult {

	private final Map<String, LintedFile> files = new LinkedHashMap<>();

	private final List<Finding> findings = new ArrayList<>();

	/**
	 * Note that a file's turn has come.
	 * @param file the file
	 * @param script its content
	 */
	void begin(MigrationFile file, Script script) {
		this.files.put(file.name(), new LintedFile(file, script));
	}

	/**
	 * Forget what was found about a file from a statement on, because it is tried again.
	 */
	void forget(String file, int statement) {
		this.findings.removeIf((each) -> each.place().file().equals(file) && each.place().statement() >= statement);
	}

	/**
	 * Add a finding. What is held through several statements is told of once.
	 */
	void add(Finding finding) {
		boolean told = finding.hazard() == Hazard.HELD_THROUGH && this.findings.stream()
			.anyMatch((each) -> each.hazard() == finding.hazard() && each.place().file().equals(finding.place().file())
					&& Objects.equals(each.table(), finding.table()));
		if (!told) {
			this.findings.add(finding);
		}
	}

	/**
	 * Return the files, in the order in which they were applied.
	 * @return the files
	 */
	public List<LintedFile> files() {
		return List.copyOf(this.files.values());
	}

	/**
	 * Return what was found.
	 * @return the findings, in the order of their statements
	 */
	public List<Finding> findings() {
		List<String> order = new ArrayList<>(this.files.keySet());
		List<Finding> sorted = new ArrayList<>(this.findings);
		sorted.sort(Comparator.<Finding>comparingInt((each) -> order.indexOf(each.place().file()))
			.thenComparingInt((each) -> each.place().statement())
			.thenComparing(Finding::hazard));
		return sorted;
	}

	/**
	 * A file that was looked at.
	 *
	 * @param file the file
	 * @param script its content
	 */
	public record LintedFile(MigrationFile file, Script script) {

		/**
		 * Return the text of a statement.
		 * @param number its number, from 1
		 * @return the text; empty if there is none of that number
		 */
		public String text(int number) {
			return this.script.sections()
				.stream()
				.flatMap((section) -> section.statements().stream())
				.filter((statement) -> statement.number() == number)
				.map(SqlStatement::text)
				.findFirst()
				.orElse("");
		}

	}

}
