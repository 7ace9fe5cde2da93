package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;

/**
 * MySQL 8.4 or later, or MariaDB 10.6 or later.
 *
 * @param flavor which of the two
 * @param hasSeveralWriters whether it is a node of a Galera cluster
 * @param rules how the server and the session read statements
 * @param lacksTransactions whether it has had tables without transactions, or none is
 * known
 */
record MySql(MySqlFlavor flavor, boolean hasSeveralWriters, SqlRules rules,
		boolean lacksTransactions) implements Database {

	/** The servers keep 64 characters of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 56;

	MySql(MySqlFlavor flavor) {
		this(flavor, false, new SqlRules(SqlSyntax.MYSQL), true);
	}

	@Override
	public String id() {
		return this.flavor.id();
	}

	@Override
	public String displayName() {
		return this.flavor.displayName();
	}

	@Override
	public SqlSyntax syntax() {
		return SqlSyntax.MYSQL;
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.MYSQL;
	}

	@Override
	public TableName parseTableName(String configured) {
		TableName name = TableName.configured(null, configured, configured);
		TableName.requireLength(configured.length(), LONGEST_NAME, "characters", configured);
		return name;
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		String database = Jdbc.onlyRow(connection, "SELECT DATABASE()").get(0);
		if (database == null) {
			throw MySqlSessions.noDatabase();
		}
		return configured.in(database);
	}

	@Override
	public TableCatalog catalog() {
		return new MySqlCatalog();
	}

	@Override
	public Set<Capability> capabilities() {
		return Set.of(Capability.LOCK_TABLES, Capability.ONLINE_DDL);
	}

	@Override
	public LockMeans lockMeans() {
		return LockMeans.NAMED_LOCK;
	}

	@Override
	public DatabaseErrors errors() {
		return new MySqlErrors();
	}

	@Override
	public StatementLimits limits() {
		return new MySqlLimits(this.flavor);
	}

	@Override
	public Sessions sessions() {
		return new MySqlSessions(this.flavor, this.hasSeveralWriters);
	}

	@Override
	public Inspection inspection() {
		return new MySqlInspection(this.flavor, this.lacksTransactions);
	}

}
