package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.script.CreatedTable;
import io.github.migrateboot.script.DdlTable;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a run has created, which nobody else uses yet.
 */
final class NewTables {

	private final Connection connection;

	private final Database database;

	private final Set<String> names = new HashSet<>();

	/** Created by the statement that is being executed. */
	private @Nullable DdlTable next;

	NewTables(Connection connection, Database database) {
		this.connection = connection;
		this.database = database;
	}

	boolean contains(@Nullable DdlTable table) {
		return table != null && this.names.contains(table.key());
	}

	/**
	 * Note that a statement is about to be executed.
	 * @param asks whether the server may be asked whether a table is there already
	 */
	void before(SqlStatement statement, boolean asks) {
		this.next = null;
		CreatedTable created = created(statement);
		if (created != null && !(created.conditional() && (!asks || isThere(created.text())))) {
			this.next = created.table();
		}
	}

	/**
	 * Note that the statement has been executed.
	 */
	void after(SqlStatement statement) {
		if (this.next != null) {
			this.names.add(this.next.key());
		}
		else if (statement.startsWith("RENAME")) {
			// An old table may have the name of a new one now.
			this.names.clear();
		}
	}

	/**
	 * Note that a statement of the same migration was executed by an earlier run.
	 */
	void earlier(SqlStatement statement) {
		CreatedTable created = created(statement);
		this.next = (created != null && !created.conditional()) ? created.table() : null;
		after(statement);
	}

	private @Nullable CreatedTable created(SqlStatement statement) {
		return statement.startsWith("CREATE") ? CreatedTable.of(statement.text(), this.database.rules()) : null;
	}

	private boolean isThere(String table) {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("SELECT 1 FROM " + table + " LIMIT 0");
			return true;
		}
		catch (SQLException ex) {
			return !this.database.errors().isMissingTable(ex);
		}
	}

}
