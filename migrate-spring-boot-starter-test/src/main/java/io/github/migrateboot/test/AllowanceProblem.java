package io.github.migrateboot.test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.Allowance;
import io.github.migrateboot.test.lint.LintResult.LintedFile;

/**
 * A line {@code -- migrate:allow} that allows nothing.
 *
 * @param file the file's name
 * @param line where it stands, from 1
 * @param text what is wrong with it, in a sentence
 */
record AllowanceProblem(String file, int line, String text) {

	/**
	 * Find what allows nothing.
	 * @param files the files
	 * @param found what was found, accepted or not
	 * @param possible what can be found on the database
	 * @param without what is not looked for
	 */
	static List<AllowanceProblem> find(List<LintedFile> files, List<Finding> found, Set<Hazard> possible,
			Set<Hazard> without) {
		List<AllowanceProblem> problems = new ArrayList<>();
		for (LintedFile file : files) {
			for (Allowance allowance : file.script().allowances()) {
				problem(file.file().name(), allowance, found, possible, without)
					.map((text) -> new AllowanceProblem(file.file().name(), allowance.line(), text))
					.ifPresent(problems::add);
			}
		}
		return problems;
	}

	private static Optional<String> problem(String file, Allowance allowance, List<Finding> found, Set<Hazard> possible,
			Set<Hazard> without) {
		Hazard hazard = Hazard.of(allowance.hazard()).orElse(null);
		if (hazard == null) {
			return Optional.of("'%s' is no finding's id. The ids are %s.".formatted(allowance.hazard(),
					Arrays.stream(Hazard.values()).map(Hazard::id).collect(Collectors.joining(", "))));
		}
		if (allowance.reason().isEmpty()) {
			return Optional.of("a reason is missing, so nothing is allowed. Write '-- migrate:allow %s: <reason>'."
				.formatted(hazard.id()));
		}
		if (!possible.contains(hazard) || without.contains(hazard)) {
			return Optional.empty();
		}
		boolean needed = found.stream().anyMatch((each) -> each.hazard() == hazard && each.place().file().equals(file));
		return needed ? Optional.empty() : Optional
			.of("nothing of the kind '%s' was found in this file. Remove the line.".formatted(hazard.id()));
	}

}
