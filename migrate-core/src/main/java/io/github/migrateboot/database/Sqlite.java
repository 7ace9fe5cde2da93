package io.github.migrateboot.database;

import java.sql.Connection;
import java.util.Set;

import io.github.migrateboot.script.SqlSyntax;

/**
 * SQLite.
 */
record Sqlite() implements Database {

	@Override
	public String id() {
		return "sqlite";
	}

	@Override
	public String displayName() {
		return "SQLite";
	}

	@Override
	public SqlSyntax syntax() {
		return SqlSyntax.SQLITE;
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.SQLITE;
	}

	@Override
	public TableName parseTableName(String configured) {
		return TableName.configured(null, configured, configured);
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) {
		return configured.in("main");
	}

	@Override
	public TableCatalog catalog() {
		return new SqliteCatalog();
	}

	@Override
	public Set<Capability> capabilities() {
		return Set.of(Capability.TRANSACTIONAL_DDL, Capability.TRANSACTIONAL_SETTINGS,
				Capability.IMMEDIATE_TRANSACTIONS);
	}

	@Override
	public LockMeans lockMeans() {
		return LockMeans.LOCKED_FILE;
	}

	@Override
	public DatabaseErrors errors() {
		return new SqliteErrors();
	}

	@Override
	public StatementLimits limits() {
		return (timeout, local) -> "PRAGMA busy_timeout = " + RoundedUp.millis(timeout);
	}

	@Override
	public Sessions sessions() {
		return new SqliteSessions();
	}

	@Override
	public Inspection inspection() {
		return new SqliteInspection();
	}

}
