package io.github.migrateboot.engine.plan;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Tells while a file's statements run whether our own tables can be written: not between
 * {@code LOCK TABLES} and {@code UNLOCK TABLES} of MySQL, nor in one of its XA
 * transactions. And whether the file has started a transaction by itself.
 */
public final class SessionTracker {

	private static final Pattern AUTOCOMMIT_ON = Pattern.compile("\\bautocommit\\b[`\"\\s]*:?=?\\s*(1|on|true)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Set<String> LOCKS = Set.of("LOCK TABLES", "LOCK TABLE");

	private final Database database;

	private boolean tablesLocked;

	private boolean distributed;

	private boolean transactionOpen;

	private boolean uncertain;

	private boolean chained;

	private boolean autocommitOff;

	/** The savepoint that began the transaction, on SQLite. */
	private @Nullable String savepoint;

	public SessionTracker(Database database) {
		this.database = database;
	}

	/**
	 * Return whether our own tables can't be written.
	 */
	public boolean isOpen() {
		return this.tablesLocked || this.distributed;
	}

	/**
	 * Return whether the file has started a transaction by itself.
	 */
	public boolean isTransactionOpen() {
		return this.transactionOpen || this.autocommitOff;
	}

	/**
	 * Return whether the transaction is the continuation of one before it.
	 */
	boolean isChained() {
		return this.transactionOpen && this.chained;
	}

	/**
	 * Return whether a routine may have ended the transaction.
	 */
	boolean isUncertain() {
		return this.uncertain;
	}

	public boolean areTablesLocked() {
		return this.tablesLocked;
	}

	/**
	 * Return whether a statement may commit the transaction it runs in, and everything
	 * before it.
	 */
	boolean mayCommit(SqlStatement statement) {
		if (!this.database.has(Capability.TRANSACTIONAL_DDL)) {
			return Migration.mayCommit(statement);
		}
		return (isCommit(statement) && !isPrepared(statement)) || isRelease(statement);
	}

	/**
	 * Return whether a statement commits the transaction that is open.
	 */
	public static boolean isCommit(SqlStatement statement) {
		return statement.kind() == Kind.TRANSACTION_CONTROL
				&& (statement.startsWith("COMMIT") || statement.startsWith("END"));
	}

	/**
	 * Return whether a statement is about a transaction that was prepared before and is
	 * nobody's now.
	 */
	static boolean isPrepared(SqlStatement statement) {
		return statement.startsWith("COMMIT", "PREPARED") || statement.startsWith("ROLLBACK", "PREPARED");
	}

	private boolean isRelease(SqlStatement statement) {
		return this.savepoint != null && statement.startsWith("RELEASE") && this.savepoint.equals(name(statement));
	}

	private static String name(SqlStatement statement) {
		String[] words = statement.text().strip().split("\\s+");
		return words[words.length - 1].replaceAll("[\"'`\\[\\]]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Note that a statement has been executed.
	 */
	public void after(SqlStatement statement) {
		if (statement.kind() == Kind.TRANSACTION_CONTROL) {
			control(statement);
		}
		else if (this.database.syntax() == SqlSyntax.SQLITE) {
			savepoint(statement);
		}
		else if (Migration.mayCommit(statement) && !this.database.has(Capability.TRANSACTIONAL_DDL)) {
			boolean surely = !statement.startsWith("CALL") && !statement.startsWith("EXECUTE");
			this.uncertain = !surely && isTransactionOpen();
			this.transactionOpen &= !surely;
		}
		if (this.database.has(Capability.LOCK_TABLES)) {
			tables(statement);
		}
	}

	private void tables(SqlStatement statement) {
		if (statement.startsWith("UNLOCK")) {
			this.tablesLocked = false;
		}
		else if (statement.startsWith("LOCK")) {
			this.tablesLocked = statement.startsWithAny(LOCKS);
		}
		else if (statement.startsWith("FLUSH")) {
			SqlSyntax syntax = this.database.syntax();
			this.tablesLocked |= syntax.hasWord(statement.text(), "EXPORT")
					|| (syntax.hasWord(statement.text(), "READ") && syntax.hasWord(statement.text(), "LOCK"));
		}
	}

	private void control(SqlStatement statement) {
		if (isPrepared(statement)) {
			return;
		}
		if (statement.startsWith("XA")) {
			this.distributed = !statement.startsWith("XA", "COMMIT") && !statement.startsWith("XA", "ROLLBACK")
					&& !statement.startsWith("XA", "RECOVER");
			return;
		}
		this.uncertain = false;
		this.savepoint = null;
		if (statement.startsWith("SET")) {
			this.autocommitOff = !AUTOCOMMIT_ON.matcher(statement.text()).find();
			this.transactionOpen = false;
			return;
		}
		boolean begins = statement.startsWith("BEGIN") || statement.startsWith("START");
		this.chained = !begins && isChain(statement);
		this.transactionOpen = begins || this.chained;
	}

	private boolean isChain(SqlStatement statement) {
		SqlSyntax syntax = this.database.syntax();
		return syntax.hasWord(statement.text(), "CHAIN") && !syntax.hasWord(statement.text(), "NO");
	}

	private void savepoint(SqlStatement statement) {
		if (!isTransactionOpen() && statement.startsWith("SAVEPOINT")) {
			this.savepoint = name(statement);
			this.transactionOpen = true;
		}
		else if (isRelease(statement)) {
			this.savepoint = null;
			this.transactionOpen = false;
		}
	}

}
