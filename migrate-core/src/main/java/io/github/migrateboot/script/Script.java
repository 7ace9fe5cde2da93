package io.github.migrateboot.script;

import java.util.List;

/**
 * The content of a migration file.
 *
 * @param checksum SHA-256 of the file with CRLF read as LF, 64 lower-case hexadecimal
 * digits
 * @param sections the sections that are to be run, with their statements, in order
 * @param warnings what the author probably did not mean, each a sentence with its line
 */
public record Script(String checksum, List<Section> sections, List<String> warnings) {

	public Script {
		sections = List.copyOf(sections);
		warnings = List.copyOf(warnings);
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
