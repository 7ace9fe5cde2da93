package io.github.migrateboot.engine.apply;

import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is sent to the server in a migration's transaction.
 *
 * @param sql what is sent
 * @param statement the migration's statement that it is, or {@code null} if it is ours
 */
public record BatchEntry(String sql, @Nullable SqlStatement statement) {

	/** Return no rows, and don't revive a transaction that has failed. */
	private static final Set<String> WITHOUT_ROWS = Set.of("ALTER", "ANALYZE", "CLUSTER", "COMMENT", "CREATE", "DELETE",
			"DO", "DROP", "GRANT", "INSERT", "LOCK", "MERGE", "NOTIFY", "REASSIGN", "REFRESH", "REINDEX", "RELEASE",
			"RESET", "REVOKE", "SAVEPOINT", "SECURITY", "SET", "TRUNCATE", "UPDATE");

	/**
	 * What returns rows all the same; what the driver answers by closing the connection;
	 * and what may be several statements to the server, where a backslash escapes.
	 */
	private static final Pattern EXCEPT = Pattern.compile(
			"\\breturning\\b|^set\\b.*\\b(client_encoding|names|datestyle)\\b|\\\\'",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	static BatchEntry ours(String sql) {
		return new BatchEntry(sql, null);
	}

	static BatchEntry of(SqlStatement statement) {
		return new BatchEntry(statement.text(), statement);
	}

	boolean isTransactionSetting() {
		return this.statement != null && this.statement.kind() == Kind.TRANSACTION_SETTING;
	}

	/**
	 * Return whether others may be sent before this one is answered, and its rows don't
	 * matter.
	 */
	boolean isPipelined() {
		return this.statement == null
				|| (this.statement.startsWithAny(WITHOUT_ROWS) && !EXCEPT.matcher(this.sql).find());
	}

}
