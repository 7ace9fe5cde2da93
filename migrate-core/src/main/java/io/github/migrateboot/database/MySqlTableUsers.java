package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.script.DdlTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where MySQL and MariaDB show who has a table in an open transaction.
 */
final class MySqlTableUsers implements TableUsers {

	private static final Logger logger = LoggerFactory.getLogger(MySqlTableUsers.class);

	private static final int MOST = 3;

	private static final String SCHEMA = "COALESCE(NULLIF(?, ''), DATABASE())";

	private static final String SIZE = "SELECT COALESCE(data_length, 0) + COALESCE(index_length, 0)"
			+ " FROM information_schema.tables WHERE table_schema = " + SCHEMA + " AND table_name = ?";

	/** In picoseconds since a transaction was started. */
	private static final String METADATA_LOCKS = """
			SELECT DISTINCT t.processlist_id, CONCAT(t.processlist_user, '@', t.processlist_host),
			IF(t.processlist_command = 'Sleep', 'in a transaction, idle', t.processlist_state),
			GREATEST(COALESCE(t.processlist_time, 0), COALESCE(x.timer_wait DIV 1000000000000, 0)) AS age,
			COALESCE(t.processlist_info, s.sql_text)
			FROM performance_schema.metadata_locks g JOIN performance_schema.threads t ON t.thread_id = g.owner_thread_id
			LEFT JOIN performance_schema.events_transactions_current x ON x.thread_id = t.thread_id AND x.state = 'ACTIVE'
			LEFT JOIN performance_schema.events_statements_current s ON s.thread_id = t.thread_id
			WHERE g.object_type = 'TABLE' AND g.object_schema = %s AND g.object_name = ?
			AND g.lock_status = 'GRANTED' AND t.processlist_id <> CONNECTION_ID() HAVING age >= ? ORDER BY age DESC
			"""
		.formatted(SCHEMA);

	private final MySqlFlavor flavor;

	private final MySqlErrors errors = new MySqlErrors();

	private boolean locksHidden;

	private boolean transactionsHidden;

	MySqlTableUsers(MySqlFlavor flavor) {
		this.flavor = flavor;
	}

	@Override
	public long size(Connection connection, DdlTable table) throws SQLException {
		String size = Jdbc.value(connection, SIZE, table.schema(), table.name());
		return (size != null) ? Long.parseLong(size) : 0;
	}

	@Override
	public List<Blocker> find(Connection connection, DdlTable table, Duration age) throws SQLException {
		if (!this.locksHidden) {
			try {
				List<Blocker> found = find(connection, true, METADATA_LOCKS, table.schema(), table.name(),
						age.toSeconds());
				// MariaDB shows none if it was not told to record them.
				if (!found.isEmpty() || this.flavor == MySqlFlavor.MYSQL) {
					return found;
				}
			}
			catch (SQLException ex) {
				this.locksHidden = isHidden(connection, ex);
			}
		}
		if (!this.transactionsHidden) {
			try {
				return find(connection, false, transactions(), table.schema(), age.toSeconds());
			}
			catch (SQLException ex) {
				this.transactionsHidden = isHidden(connection, ex);
			}
		}
		return List.of();
	}

	/**
	 * Whoever has a transaction open in the same database.
	 */
	private String transactions() {
		return "SELECT b.trx_mysql_thread_id, CONCAT(l.user, '@', l.host),"
				+ " IF(l.command = 'Sleep', 'in a transaction, idle', l.state),"
				+ " TIMESTAMPDIFF(SECOND, b.trx_started, NOW()) AS age, l.info FROM information_schema.innodb_trx b JOIN "
				+ this.flavor.sessionsTable() + " l ON l.id = b.trx_mysql_thread_id"
				+ " WHERE b.trx_mysql_thread_id <> CONNECTION_ID() AND l.db = " + SCHEMA
				+ " HAVING age >= ? ORDER BY age DESC";
	}

	private static List<Blocker> find(Connection connection, boolean certain, String query, Object... parameters)
			throws SQLException {
		List<Blocker> found = new ArrayList<>();
		for (List<@Nullable String> row : Jdbc.rows(connection, MOST, query, parameters)) {
			String session = Jdbc.text(row, 0);
			found.add(new Blocker(session, row.get(1), row.get(2) + " for " + row.get(3) + " s", row.get(4),
					"KILL " + session, certain));
		}
		return found;
	}

	private boolean isHidden(Connection connection, SQLException error) throws SQLException {
		logger.debug("It is not visible who has a table in an open transaction", error);
		if (connection.isClosed()) {
			throw error;
		}
		return this.errors.isPermissionDenied(error) || this.errors.isMissingTable(error);
	}

}
