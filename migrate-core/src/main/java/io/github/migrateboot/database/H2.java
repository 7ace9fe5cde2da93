package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;

/**
 * H2 2.x.
 *
 * @param rules how the database reads statements
 */
record H2(SqlRules rules) implements Database {

	H2() {
		this(new SqlRules(SqlSyntax.H2));
	}

	@Override
	public String id() {
		return "h2";
	}

	@Override
	public String displayName() {
		return "H2";
	}

	@Override
	public SqlSyntax syntax() {
		return SqlSyntax.H2;
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.H2;
	}

	@Override
	public TableName parseTableName(String configured) {
		return TableName.configured(null, configured, configured);
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		return configured.in(Jdbc.onlyRow(connection, "SELECT SCHEMA()").get(0));
	}

	@Override
	public TableCatalog catalog() {
		return new H2Catalog();
	}

	@Override
	public Set<Capability> capabilities() {
		return Set.of();
	}

	@Override
	public LockMeans lockMeans() {
		return LockMeans.LOCKED_ROW;
	}

	@Override
	public DatabaseErrors errors() {
		return new H2Errors();
	}

	@Override
	public StatementLimits limits() {
		return (timeout, local) -> "SET LOCK_TIMEOUT " + RoundedUp.millis(timeout);
	}

	@Override
	public Sessions sessions() {
		return new H2Sessions();
	}

	@Override
	public Inspection inspection() {
		return new H2Inspection();
	}

}
