package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.database.SqlDialect;
import io.github.migrateboot.database.TableName;

/**
 * The table of leases, with two rows for each. The first one has the owner and its signs
 * of life. The second one, the fence, is changed by each transaction that records
 * something, and by nothing else but a change of the owner: so a long transaction that
 * has touched it neither stops the signs of life nor conflicts with them, and can't be
 * committed beside a take-over. Both rows have the token.
 */
final class LeaseTable {

	/** Where a lock's name is configured, tables of several histories share it. */
	private static final String SHARED = "migrate";

	private static final Set<String> BUSY_STATES = Set.of("40001", "40P01", "55P03");

	/** Lock wait timeout, deadlock or conflict, not waited for, changed since read. */
	private static final Set<Integer> BUSY_CODES = Set.of(1205, 1213, 3572, 1020);

	private final Database database;

	private final TableName name;

	private final String table;

	private final String lease;

	private final String fence;

	LeaseTable(LockRequest request) {
		this.database = request.server().database();
		this.name = ((request.name() != null) ? new TableName(request.table().schema(), SHARED) : request.table())
			.with("_lock");
		this.table = this.database.quote(this.name);
		this.lease = LockKey.of(request).toName();
		this.fence = this.lease + ":f";
	}

	/**
	 * Read the row; creates it, and its table, where they are missing.
	 */
	Optional<LeaseRow> read(Connection connection) throws SQLException {
		try {
			Optional<LeaseRow> row = find(connection);
			if (row.isPresent()) {
				return row;
			}
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			createTable(connection);
		}
		createRows(connection);
		return find(connection);
	}

	private Optional<LeaseRow> find(Connection connection) throws SQLException {
		return Jdbc.row(connection, "SELECT owner, token, beat FROM " + this.table + " WHERE id = ?", this.lease)
			.map((row) -> new LeaseRow(row.get(0), Long.parseLong(String.valueOf(row.get(1))),
					Long.parseLong(String.valueOf(row.get(2)))));
	}

	private void createTable(Connection connection) throws SQLException {
		String create = "CREATE TABLE IF NOT EXISTS " + this.table + " (id varchar(64) NOT NULL PRIMARY KEY,"
				+ " owner varchar(255) NULL, since decimal(20, 3) NULL, token bigint NOT NULL, beat bigint NOT NULL)"
				+ this.database.dialect().tableOptions();
		try {
			createUnlessPresent(connection, create);
		}
		catch (SQLException ex) {
			String schema = this.name.schema();
			if (schema == null || !this.database.dialect().createsSchemas()
					|| !this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			createUnlessPresent(connection, "CREATE SCHEMA IF NOT EXISTS " + this.database.quote(schema));
			createUnlessPresent(connection, create);
		}
	}

	/**
	 * Tokens begin with the time, so that they grow even if somebody drops the table.
	 */
	private void createRows(Connection connection) throws SQLException {
		createUnlessPresent(connection,
				"INSERT INTO " + this.table + " (id, token, beat) SELECT v.id, t.token, 0 FROM (SELECT "
						+ literal(this.lease) + " AS id UNION ALL SELECT " + literal(this.fence) + ") v, (SELECT FLOOR("
						+ seconds() + ") AS token) t");
	}

	private void createUnlessPresent(Connection connection, String sql) throws SQLException {
		try {
			Jdbc.execute(connection, sql);
		}
		catch (SQLException ex) {
			boolean duplicate = String.valueOf(ex.getSQLState()).startsWith("23");
			if (!duplicate && !this.database.errors().isAlreadyThere(ex) && !isBusy(ex)) {
				throw ex;
			}
		}
	}

	/**
	 * Become the owner, if the row still is what it was.
	 * @return whether the server has committed that
	 */
	boolean take(Connection connection, LeaseRow row, String owner) throws SQLException {
		connection.setAutoCommit(false);
		try {
			// Not to wait for a holder that is recording something.
			Jdbc.row(connection, "SELECT id FROM " + this.table + " WHERE id IN (?, ?) ORDER BY id FOR UPDATE NOWAIT",
					this.lease, this.fence);
			int changed = Jdbc.update(connection,
					"UPDATE " + this.table + " SET owner = ?, since = " + seconds() + ", token = token + 1,"
							+ " beat = beat + 1 WHERE id IN (?, ?) AND token = ? AND (beat = ? OR id = ?)",
					owner, this.lease, this.fence, row.token(), row.beat(), this.fence);
			if (changed == 2) {
				connection.commit();
			}
			return changed == 2;
		}
		finally {
			end(connection);
		}
	}

	/**
	 * Give a sign of life.
	 * @return whether the lease is still ours
	 */
	boolean renew(Connection connection, long token) throws SQLException {
		return Jdbc.update(connection, "UPDATE " + this.table + " SET beat = beat + 1 WHERE id = ? AND token = ?",
				this.lease, token) == 1;
	}

	/**
	 * Make the lease free.
	 * @return whether it was ours
	 */
	boolean release(Connection connection, long token) throws SQLException {
		end(connection);
		return Jdbc.update(connection, "UPDATE " + this.table + " SET owner = NULL, token = token + 1, beat = beat + 1"
				+ " WHERE id IN (?, ?) AND token = ?", this.lease, this.fence, token) == 2;
	}

	/**
	 * Return the statement that changes the fence.
	 */
	String fence(long token) {
		return "UPDATE " + this.table + " SET beat = beat + 1" + whereFence(token);
	}

	String condition(long token) {
		return "EXISTS (SELECT 1 FROM " + this.table + whereFence(token) + ")";
	}

	private String whereFence(long token) {
		return " WHERE id = " + literal(this.fence) + " AND token = " + token;
	}

	Optional<LockHolder> holder(Connection connection) throws SQLException {
		try {
			return Jdbc
				.row(connection, "SELECT owner, since FROM " + this.table + " WHERE id = ? AND owner IS NOT NULL",
						this.lease)
				.map((row) -> new LockHolder(null, row.get(0), LockHolder.instant(row.get(1)), null));
		}
		catch (SQLException ex) {
			if (this.database.errors().isMissingTable(ex) || isBusy(ex)) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	/**
	 * Return whether the error says that somebody else is at the row, or that a cluster
	 * is busy with DDL.
	 */
	static boolean isBusy(SQLException error) {
		return BUSY_STATES.contains(String.valueOf(error.getSQLState())) || BUSY_CODES.contains(error.getErrorCode());
	}

	private static void end(Connection connection) throws SQLException {
		if (!connection.isClosed() && !connection.getAutoCommit()) {
			rollBack(connection);
			connection.setAutoCommit(true);
		}
	}

	private static void rollBack(Connection connection) throws SQLException {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			if (!isBusy(ex)) {
				throw ex;
			}
			// A cluster that has rolled it back in favour of another one says so once.
			connection.rollback();
		}
	}

	private String seconds() {
		return isPostgres() ? "extract(epoch FROM clock_timestamp())" : "UNIX_TIMESTAMP(NOW(3))";
	}

	private boolean isPostgres() {
		return this.database.dialect() == SqlDialect.POSTGRESQL;
	}

	private String literal(String value) {
		return this.database.dialect().literal(value);
	}

	@Override
	public String toString() {
		return this.name.toString();
	}

}
