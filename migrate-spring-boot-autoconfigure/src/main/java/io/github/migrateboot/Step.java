package io.github.migrateboot;

import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is sent to the server in a migration's transaction.
 *
 * @param sql what is sent
 * @param statement the migration's statement that it is, or {@code null} if it is ours
 */
record Step(String sql, @Nullable SqlStatement statement) {

	static Step ours(String sql) {
		return new Step(sql, null);
	}

	boolean isTransactionSetting() {
		return this.statement != null && this.statement.kind() == Kind.TRANSACTION_SETTING;
	}

	static Step of(SqlStatement statement) {
		return new Step(statement.text(), statement);
	}

}
