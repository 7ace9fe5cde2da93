package io.github.migrateboot;

import io.github.migrateboot.script.SqlStatement;

/**
 * Tells while a file's statements run whether our own tables can be written: not between
 * {@code LOCK TABLES} and {@code UNLOCK TABLES} of MySQL, nor while the file has taken
 * another role. What runs then counts as one statement in the journal.
 */
final class Interlude {

	private final boolean lockTablesBlocksOthers;

	private boolean tablesLocked;

	private boolean roleTaken;

	Interlude(boolean lockTablesBlocksOthers) {
		this.lockTablesBlocksOthers = lockTablesBlocksOthers;
	}

	boolean isOpen() {
		return this.tablesLocked || this.roleTaken;
	}

	boolean areTablesLocked() {
		return this.tablesLocked;
	}

	/**
	 * Note that a statement has been executed.
	 */
	void after(SqlStatement statement) {
		if (this.lockTablesBlocksOthers && statement.startsWith("LOCK")) {
			this.tablesLocked = statement.startsWith("LOCK", "TABLES") || statement.startsWith("LOCK", "TABLE");
		}
		else if (statement.startsWith("UNLOCK")) {
			this.tablesLocked = false;
		}
		else if (statement.startsWith("SET", "ROLE")) {
			this.roleTaken = !statement.startsWith("SET", "ROLE", "NONE")
					&& !statement.startsWith("SET", "ROLE", "DEFAULT");
		}
		else if (statement.startsWith("SET", "SESSION", "AUTHORIZATION")) {
			this.roleTaken = !statement.startsWith("SET", "SESSION", "AUTHORIZATION", "DEFAULT");
		}
		else if (statement.startsWith("RESET", "ROLE") || statement.startsWith("RESET", "SESSION")) {
			this.roleTaken = false;
		}
	}

}
