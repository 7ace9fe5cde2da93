package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Lint;
import io.github.migrateboot.test.lint.LintResult;

/**
 * What was found when migrations were measured; see
 * {@link DatabaseMigrationChecks#measure()}. Immutable.
 */
public final class SafetyReport {

	private final LintResult result;

	private final List<Finding> findings;

	private final List<Finding> accepted;

	private final List<AllowanceProblem> problems;

	SafetyReport(LintResult result, List<Finding> findings, List<Finding> accepted, List<AllowanceProblem> problems) {
		this.result = result;
		this.findings = List.copyOf(findings);
		this.accepted = List.copyOf(accepted);
		this.problems = List.copyOf(problems);
	}

	static SafetyReport of(Lint lint, Set<Hazard> without) {
		LintResult result = lint.result();
		List<Finding> found = result.findings().stream().filter((each) -> !without.contains(each.hazard())).toList();
		List<Finding> accepted = found.stream().filter((each) -> isAccepted(result, each)).toList();
		List<Finding> findings = found.stream().filter((each) -> !isAccepted(result, each)).toList();
		return new SafetyReport(result, findings, accepted,
				AllowanceProblem.find(result.files(), found, lint.hazards(), without));
	}

	private static boolean isAccepted(LintResult result, Finding finding) {
		return SafetyCheck.file(result, finding.place().file()).script().allowed(finding.hazard().id()).isPresent();
	}

	/**
	 * Return what was found and is not accepted by its file.
	 * @return the findings, in the order of the files and statements
	 */
	public List<Finding> findings() {
		return this.findings;
	}

	/**
	 * Return what was found and is accepted by a line {@code -- migrate:allow} in its
	 * file.
	 * @return the findings, in the order of the files and statements
	 */
	public List<Finding> accepted() {
		return this.accepted;
	}

	/**
	 * Return whether nothing was found, and each {@code -- migrate:allow} allows
	 * something.
	 * @return whether there is nothing to tell
	 */
	public boolean isSafe() {
		return this.findings.isEmpty() && this.problems.isEmpty();
	}

	/**
	 * Require that it is safe.
	 * @throws AssertionError if it is not; its text is that of this report
	 */
	public void verify() {
		if (!isSafe()) {
			throw new AssertionError(toString());
		}
	}

	/**
	 * Write a SARIF 2.1.0 file, which services that review code show at the lines
	 * concerned. Findings that are accepted are in it as suppressed.
	 * @param file the file to write; folders that don't exist are created
	 * @param folder the folder of the migrations in the repository, for example
	 * {@code src/main/resources/db/migrations}
	 * @return this report
	 * @throws IOException if the file can't be written
	 */
	public SafetyReport writeSarif(Path file, String folder) throws IOException {
		new SarifFile(this, folder).write(file);
		return this;
	}

	/**
	 * Write what was found where an application finds it on its class path, for
	 * {@code migrate.mode=plan}: {@code META-INF/migrate/findings.json}. It also says
	 * which files were measured, so that nothing is concluded from the words of those.
	 * @param directory the directory that is packed into the jar, for example
	 * {@code target/classes}
	 * @return this report
	 * @throws IOException if the file can't be written
	 */
	public SafetyReport writeFindings(Path directory) throws IOException {
		new FindingsFile(this).write(directory);
		return this;
	}

	List<LintResult.LintedFile> files() {
		return this.result.files();
	}

	LintResult.LintedFile file(Finding finding) {
		return SafetyCheck.file(this.result, finding.place().file());
	}

	List<AllowanceProblem> problems() {
		return this.problems;
	}

	/**
	 * Word it, for a log or a pull request.
	 * @return plain text
	 */
	@Override
	public String toString() {
		return new SafetyText(this).toString();
	}

}
