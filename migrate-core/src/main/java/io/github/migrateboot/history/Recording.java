package io.github.migrateboot.history;

/**
 * One migration as the journal describes it.
 *
 * @param version the version
 * @param name the file's name
 * @param checksum the file's checksum
 * @param statements how many statements it has
 * @param statementHashes a hash of each statement, separated by blanks
 * @param instance which instance runs it
 */
public record Recording(String version, String name, String checksum, int statements, String statementHashes,
		String instance) {

	Recording withoutHashes() {
		return new Recording(this.version, this.name, this.checksum, this.statements, "", this.instance);
	}

}
