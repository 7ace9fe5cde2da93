package io.github.migrateboot.script;

import java.util.List;
import java.util.Optional;

/**
 * The content of a migration file.
 *
 * @param checksum SHA-256 of the file with CRLF read as LF, 64 lower-case hexadecimal
 * digits
 * @param sections the sections that are to be run, with their statements, in order
 * @param warnings what the author probably did not mean, each a sentence with its line
 * @param allowances what the author accepts, with or without a reason
 */
public record Script(String checksum, List<Section> sections, List<String> warnings, List<Allowance> allowances) {

	public Script {
		sections = List.copyOf(sections);
		warnings = List.copyOf(warnings);
		allowances = List.copyOf(allowances);
	}

	/**
	 * Return why the author accepts a hazard.
	 * @param hazard the id of the hazard, for example {@code copy}
	 * @return the reason; empty if the file does not allow it, or gives no reason
	 */
	public Optional<String> allowed(String hazard) {
		return this.allowances.stream()
			.filter((allowance) -> allowance.hazard().equals(hazard))
			.map(Allowance::reason)
			.filter((reason) -> !reason.isEmpty())
			.findFirst();
	}

	/**
	 * One {@code migrate:up} block, or one {@code migrate:down} block.
	 *
	 * @param transactional whether the author left the transaction on
	 * @param statements the statements, possibly none
	 */
	public record Section(boolean transactional, List<SqlStatement> statements) {

		public Section {
			statements = List.copyOf(statements);
		}

	}

}
