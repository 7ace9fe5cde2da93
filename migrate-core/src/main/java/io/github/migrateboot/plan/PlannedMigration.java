package io.github.migrateboot.plan;

import java.util.List;

/**
 * A migration that would be applied.
 *
 * @param version its version
 * @param name its file's name
 * @param checksum SHA-256 of the file with CRLF read as LF, in hexadecimal digits
 * @param transaction how much of it is undone together if it is cut off
 * @param first the number of the statement with which it would begin: 1, or a later one
 * if it was started before
 * @param statements its statements, in order
 * @param tables the tables that its statements name
 * @param findings what was found about it
 * @param warnings what its author probably did not mean, each a sentence with its line
 */
public record PlannedMigration(String version, String name, String checksum, Transaction transaction, int first,
		List<PlannedStatement> statements, List<PlannedTable> tables, List<PlannedFinding> findings,
		List<String> warnings) {

	public PlannedMigration {
		statements = List.copyOf(statements);
		tables = List.copyOf(tables);
		findings = List.copyOf(findings);
		warnings = List.copyOf(warnings);
	}

	/**
	 * Return what becomes of it if the process dies while it is applied.
	 * @return the worst of what becomes of it at one of its statements
	 */
	public CrashOutcome crash() {
		return this.statements.stream()
			.map(PlannedStatement::crash)
			.max(CrashOutcome::compareTo)
			.orElse(CrashOutcome.UNDONE);
	}

	/**
	 * How much of a migration is undone together if it is cut off.
	 */
	public enum Transaction {

		/** All of it. */
		WHOLE,

		/** Some of its statements. */
		PARTS,

		/** None of its statements. */
		NONE

	}

}
