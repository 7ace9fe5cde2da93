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

	private static final Set<String> WITHOUT_ROWS = Set.of("ALTER", "ANALYZE", "CLUSTER", "COMMENT", "CREATE", "DELETE",
			"DO", "DROP", "GRANT", "INSERT", "LOCK", "MERGE", "NOTIFY", "REASSIGN", "REFRESH", "REINDEX", "RELEASE",
			"RESET", "REVOKE", "SAVEPOINT", "SECURITY", "SET", "TRUNCATE", "UPDATE");

	private static final Pattern RETURNING = Pattern.compile("\\breturning\\b", Pattern.CASE_INSENSITIVE);

	/**
	 * What the driver answers by closing the connection, and what may be several
	 * statements to the server, where a backslash escapes.
	 */
	private static final Pattern ALONE = Pattern.compile("^set\\b.*\\b(client_encoding|names|datestyle)\\b|\\\\'",
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
	 * Return whether there may be rows of which more than the first matters.
	 */
	boolean mayReturnRows() {
		return this.statement != null
				&& (!this.statement.startsWithAny(WITHOUT_ROWS) || RETURNING.matcher(this.sql).find());
	}

	/**
	 * Return whether nothing may be sent until this has been answered. A rollback to a
	 * savepoint would let what follows it take effect although something before it has
	 * failed.
	 */
	boolean isAlone() {
		return this.statement != null && (this.statement.data() != null || this.statement.startsWith("ROLLBACK")
				|| ALONE.matcher(this.sql).find());
	}

}
