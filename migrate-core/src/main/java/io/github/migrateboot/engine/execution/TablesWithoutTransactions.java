package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which tables keep what a transaction wrote that is rolled back, asked once in a run and
 * again when a migration may have changed that.
 */
public final class TablesWithoutTransactions {

	private static final Set<String> ENGINE = Set.of("ENGINE", "TYPE", "STORAGE_ENGINE", "DEFAULT_STORAGE_ENGINE");

	private final Connection connection;

	private final Database database;

	private @Nullable Set<String> names;

	TablesWithoutTransactions(Connection connection, Database database) {
		this.connection = connection;
		this.database = database;
		this.names = database.inspection().lackedTransactions() ? null : Set.of();
	}

	/**
	 * Return the first statement that may write to such a table.
	 * @param statements data changes
	 */
	public @Nullable SqlStatement firstWriter(List<SqlStatement> statements) throws SQLException {
		if (!this.database.inspection().mayLackTransactions()) {
			return null;
		}
		for (SqlStatement statement : statements) {
			if (mayWrite(statement)) {
				return statement;
			}
		}
		return null;
	}

	/**
	 * Return whether a statement may write to such a table.
	 */
	public boolean mayWrite(SqlStatement statement) throws SQLException {
		if (!this.database.inspection().mayLackTransactions() || statement.kind() != Kind.DATA
				|| statement.startsWith("SET")) {
			return false;
		}
		if (this.names == null) {
			this.names = this.database.inspection().tablesWithoutTransactions(this.connection);
		}
		return !this.names.isEmpty()
				&& (this.names.contains("*") || this.database.syntax().hasName(statement.text(), this.names));
	}

	/**
	 * Note that a statement has been executed.
	 */
	public void after(SqlStatement statement) {
		if (this.names != null && (Migration.mayCommit(statement) || statement.startsWith("SET"))
				&& (!this.names.isEmpty() || statement.startsWith("CALL") || statement.startsWith("EXECUTE")
						|| this.database.syntax().hasAnyWord(statement.text(), ENGINE))) {
			this.names = null;
		}
	}

}
