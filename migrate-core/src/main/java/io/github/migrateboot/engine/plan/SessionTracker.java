package io.github.migrateboot.engine.plan;

import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * Tells while a file's statements run whether our own tables can be written: not between
 * {@code LOCK TABLES} and {@code UNLOCK TABLES} of MySQL, nor while the file has taken
 * another role. What runs then counts as one statement in the journal.
 */
public final class SessionTracker {

	private final boolean lockTablesBlocksOthers;

	private boolean tablesLocked;

	private boolean roleTaken;

	private boolean transactionOpen;

	private boolean autocommitOff;

	public SessionTracker(boolean lockTablesBlocksOthers) {
		this.lockTablesBlocksOthers = lockTablesBlocksOthers;
	}

	/**
	 * Return the last of the statements that count as one with a statement.
	 */
	public static int end(Migration migration, int number, boolean lockTablesBlocksOthers) {
		for (Section section : migration.script().sections()) {
			SessionTracker interlude = new SessionTracker(lockTablesBlocksOthers);
			int last = 0;
			for (SqlStatement statement : section.statements()) {
				interlude.after(statement);
				last = statement.number();
				if (last >= number && !interlude.isOpen()) {
					return last;
				}
			}
			if (last >= number) {
				return last;
			}
		}
		return number;
	}

	public boolean isOpen() {
		return this.tablesLocked || this.roleTaken;
	}

	/**
	 * Return whether the file has begun a transaction by itself.
	 */
	public boolean isTransactionOpen() {
		return this.transactionOpen;
	}

	public boolean areTablesLocked() {
		return this.tablesLocked;
	}

	/**
	 * Note that a statement has been executed.
	 */
	public void after(SqlStatement statement) {
		if (statement.kind() == Kind.TRANSACTION_CONTROL) {
			this.autocommitOff |= statement.startsWith("SET");
			this.transactionOpen = this.autocommitOff || statement.startsWith("BEGIN") || statement.startsWith("START");
		}
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
