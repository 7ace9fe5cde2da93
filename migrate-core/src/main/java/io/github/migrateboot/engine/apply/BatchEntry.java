package io.github.migrateboot.engine.apply;

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

	static BatchEntry ours(String sql) {
		return new BatchEntry(sql, null);
	}

	boolean isTransactionSetting() {
		return this.statement != null && this.statement.kind() == Kind.TRANSACTION_SETTING;
	}

	static BatchEntry of(SqlStatement statement) {
		return new BatchEntry(statement.text(), statement);
	}

}
