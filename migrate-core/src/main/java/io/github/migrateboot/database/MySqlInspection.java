package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the tables of MySQL and MariaDB about themselves tell of a statement.
 *
 * @param flavor which of the two
 * @param lacksTransactions whether there were tables without transactions when the server
 * was first asked
 */
record MySqlInspection(MySqlFlavor flavor, boolean lacksTransactions) implements Inspection {

	private static final String OF_USERS = " NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

	/** The name of an engine, if it is the default one, stands for tables to come. */
	static final String TABLES_WITHOUT_TRANSACTIONS = "SELECT LOWER(t.table_name) FROM information_schema.tables t"
			+ " JOIN information_schema.engines e ON e.engine = t.engine WHERE t.table_type = 'BASE TABLE'"
			+ " AND e.transactions <> 'YES' AND t.table_schema" + OF_USERS
			+ " UNION SELECT CONCAT('(', engine, ')') FROM information_schema.engines"
			+ " WHERE engine = @@default_storage_engine AND transactions <> 'YES'";

	/** By which tables are written to that a statement doesn't mention. */
	private static final String OTHER_WAYS = "SELECT 1 FROM information_schema.triggers WHERE trigger_schema" + OF_USERS
			+ " UNION SELECT 1 FROM information_schema.views WHERE table_schema" + OF_USERS
			+ " UNION SELECT 1 FROM information_schema.routines WHERE routine_type = 'FUNCTION' AND routine_schema"
			+ OF_USERS;

	@Override
	public Blockers blockers(Connection connection, Instance instance) throws SQLException {
		return MySqlBlockers.of(this.flavor,
				Long.parseLong(String.valueOf(Jdbc.value(connection, "SELECT CONNECTION_ID()"))));
	}

	@Override
	public TableUsers tableUsers() {
		return new MySqlTableUsers(this.flavor);
	}

	@Override
	public @Nullable VictimProbe victims(@Nullable SessionProbe session, Instance instance, TableName history) {
		return (session != null) ? new MySqlVictims(this.flavor, session.id(), history.name()) : null;
	}

	@Override
	public SessionActivity activity(Connection connection, long session) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(
				"SELECT CONCAT(user, '@', host), info FROM " + this.flavor.sessionsTable() + " WHERE id = ?")) {
			query.setLong(1, session);
			try (ResultSet row = query.executeQuery()) {
				return row.next() ? new SessionActivity(row.getString(1), row.getString(2)) : SessionActivity.UNKNOWN;
			}
		}
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		try (PreparedStatement query = connection.prepareStatement(this.flavor.progressQuery())) {
			query.setLong(1, session);
			try (ResultSet row = query.executeQuery()) {
				return (row.next() && row.getString(1) != null && row.getLong(2) > 0)
						? StatementProgress.of(row.getString(1), row.getLong(2), row.getLong(3)) : null;
			}
		}
	}

	@Override
	public List<TableSize> sizes(Connection connection, Collection<String> names) throws SQLException {
		return new MySqlSizes(this.flavor, connection).ask(names);
	}

	@Override
	public boolean mayLackTransactions() {
		return true;
	}

	@Override
	public boolean lackedTransactions() {
		return this.lacksTransactions;
	}

	@Override
	public Set<String> tablesWithoutTransactions(Connection connection) throws SQLException {
		Set<String> names = new HashSet<>();
		for (List<@Nullable String> row : Jdbc.rows(connection, Integer.MAX_VALUE, TABLES_WITHOUT_TRANSACTIONS)) {
			names.add(Jdbc.text(row, 0));
		}
		if (!names.isEmpty() && !Jdbc.rows(connection, 1, OTHER_WAYS).isEmpty()) {
			names.add("*");
		}
		return names;
	}

}
