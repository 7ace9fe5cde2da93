package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The row of a table, locked by an open transaction on a second connection, on H2.
 * <p>
 * On H2 every DDL statement commits, so the migrating connection can't hold a row lock.
 * The second connection can, but it ends at once when its process is killed, while a
 * statement that the process had started runs on in the server. Therefore the row also
 * names the migrating session, and nobody takes over while that session is there. Ids of
 * sessions are used again, so a session is known by its id and its start.
 * <p>
 * The steps: lock the row; if it names a migrating session that still exists, give up;
 * write one's own sessions and commit, which is the claim, because whoever comes now sees
 * a session that exists; lock the row again and look whether the claim still stands.
 */
final class H2RowLock extends AbstractLock implements HolderAdvice {

	private static final Logger logger = LoggerFactory.getLogger(H2RowLock.class);

	/** Lock timeout, concurrent update, deadlock: somebody else is at the row. */
	private static final Set<Integer> BUSY = Set.of(50200, 90131, 40001);

	/** Table or view already exists, duplicate key: somebody else was faster. */
	private static final Set<Integer> EXISTS = Set.of(42101, 23505);

	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

	private final String table;

	private final String tableName;

	private final String primaryKey;

	private final String token = UUID.randomUUID().toString();

	private final SideConnection second;

	private boolean claimed;

	private @Nullable H2WriteDelay writeDelay;

	H2RowLock(LockRequest request) {
		super(request);
		this.second = new SideConnection(request.more(), LONGEST_ANSWER, (connection) -> {
			connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
			connection.setAutoCommit(false);
		});
		Database database = request.server().database();
		TableName name = (request.name() != null) ? new TableName(request.table().schema(), request.name())
				: request.table();
		this.tableName = name.with("_lock").toString();
		this.table = database.quote(name.with("_lock"));
		this.primaryKey = database.dialect().primaryKey(database.quote(name.name() + "_lock_pkey"));
	}

	@Override
	public String name() {
		return "row";
	}

	@Override
	public String describe() {
		return "row of the table " + this.tableName + " of " + server() + ", locked by a second connection";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		Connection connection = this.second.get();
		try {
			// The shortest there is: H2 swallows an interrupt that comes while it waits.
			Jdbc.execute(connection, "SET LOCK_TIMEOUT 1");
			requireSessionsVisible(connection);
			Optional<List<@Nullable String>> row = lockRow(connection);
			boolean acquired = row.isPresent() && !isTaken(connection) && claim(connection);
			if (!acquired) {
				connection.rollback();
				return false;
			}
			// Over the migrating session: a SET commits, which would free the row.
			this.writeDelay = H2WriteDelay.end(connection());
			return true;
		}
		catch (SQLException ex) {
			if (BUSY.contains(ex.getErrorCode())) {
				connection.rollback();
				return false;
			}
			this.second.drop();
			throw ex;
		}
	}

	private void requireSessionsVisible(Connection connection) throws SQLException {
		Optional<?> session = Jdbc.row(connection,
				"SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = " + migratingSession());
		if (session.isEmpty()) {
			throw new UnsupportedDatabaseException(
					"The H2 user may not see the sessions of others, which only an administrator may. It can't be "
							+ "told whether a runner that was killed is still executing a statement.",
					"Give the user administrator rights (ALTER USER … ADMIN TRUE), or, if only one process uses the "
							+ "database, set migrate.lock.strategy=none.");
		}
	}

	private String migratingSession() throws SQLException {
		return String.valueOf(Jdbc.value(connection(), "SELECT SESSION_ID()"));
	}

	/**
	 * Lock the row, in a table that is created only if it is missing: any DDL on it would
	 * drop the lock that another has on the row.
	 */
	private Optional<List<@Nullable String>> lockRow(Connection connection) throws SQLException {
		String sql = "SELECT \"token\" FROM " + this.table + " WHERE \"id\" = 1 FOR UPDATE";
		try {
			Optional<List<@Nullable String>> row = Jdbc.row(connection, sql);
			if (row.isPresent()) {
				return row;
			}
		}
		catch (SQLException ex) {
			if (!request().server().database().errors().isMissingTable(ex)) {
				throw ex;
			}
			createUnlessPresent(connection,
					"CREATE TABLE IF NOT EXISTS " + this.table + " (\"id\" INT " + this.primaryKey + ", "
							+ "\"token\" VARCHAR(36), \"instance\" VARCHAR(255), \"since\" TIMESTAMP WITH TIME ZONE, "
							+ "\"session\" INT, \"session_start\" TIMESTAMP(9) WITH TIME ZONE, "
							+ "\"lock_session\" INT, \"lock_session_start\" TIMESTAMP(9) WITH TIME ZONE)");
		}
		createUnlessPresent(connection, "INSERT INTO " + this.table + " (\"id\") VALUES (1)");
		return Jdbc.row(connection, sql);
	}

	private void createUnlessPresent(Connection connection, String sql) throws SQLException {
		try {
			Jdbc.execute(connection, sql);
			connection.commit();
		}
		catch (SQLException ex) {
			connection.rollback();
			if (!EXISTS.contains(ex.getErrorCode())) {
				throw ex;
			}
		}
	}

	private boolean isTaken(Connection connection) throws SQLException {
		return Jdbc
			.row(connection,
					"SELECT 1 FROM " + this.table + " k WHERE " + exists("session") + " AND k.\"session\" <> "
							+ migratingSession())
			.isPresent();
	}

	private boolean claim(Connection connection) throws SQLException {
		Jdbc.execute(connection,
				"UPDATE " + this.table + " SET \"token\" = ?, \"instance\" = ?, " + "\"since\" = CURRENT_TIMESTAMP, "
						+ session("session", migratingSession()) + ", " + session("lock_session", "SESSION_ID()"),
				this.token, request().instance().label());
		connection.commit();
		this.claimed = true;
		// Whoever is at the row now only looks at it.
		Jdbc.execute(connection, "SET LOCK_TIMEOUT 1000");
		Optional<List<@Nullable String>> row = lockRow(connection);
		return row.isPresent() && this.token.equals(row.get().get(0));
	}

	private static String session(String column, String id) {
		return "(\"" + column + "\", \"" + column + "_start\") = (SELECT SESSION_ID, SESSION_START"
				+ " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = " + id + ")";
	}

	private static String exists(String column) {
		return "EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS s WHERE s.SESSION_ID = k.\"" + column
				+ "\" AND s.SESSION_START = k.\"" + column + "_start\")";
	}

	@Override
	String condition() {
		return "EXISTS (SELECT 1 FROM " + this.table + " k WHERE k.\"token\" = '" + this.token
				+ "' AND k.\"session\" = SESSION_ID() AND " + exists("session") + " AND " + exists("lock_session")
				+ ")";
	}

	@Override
	boolean release() throws SQLException {
		if (this.writeDelay != null && !connection().isClosed()) {
			this.writeDelay.restore(connection());
			this.writeDelay = null;
		}
		try {
			Connection connection = this.second.ifOpen();
			if (connection != null) {
				Jdbc.execute(connection, "SET LOCK_TIMEOUT 2000");
				return withdraw(connection);
			}
		}
		catch (SQLException ex) {
			logger.debug("The second connection is gone", ex);
		}
		// The migrating session may live on in a pool, and its claim with it.
		if (!connection().isClosed()) {
			withdraw(connection());
		}
		return false;
	}

	private boolean withdraw(Connection connection) throws SQLException {
		boolean found = Jdbc.row(connection, "SELECT 1 FROM " + this.table + " WHERE \"token\" = ?", this.token)
			.isPresent();
		Jdbc.execute(connection, "UPDATE " + this.table + " SET \"token\" = NULL, \"session\" = NULL, "
				+ "\"lock_session\" = NULL WHERE \"token\" = ?", this.token);
		connection.commit();
		this.claimed = false;
		return found;
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		try {
			return Jdbc
				.row(connection(),
						"SELECT k.\"session\", k.\"instance\", EXTRACT(EPOCH FROM k.\"since\"), "
								+ "(SELECT s.EXECUTING_STATEMENT FROM INFORMATION_SCHEMA.SESSIONS s"
								+ " WHERE s.SESSION_ID = k.\"session\") FROM " + this.table + " k WHERE "
								+ exists("session") + " OR " + exists("lock_session"))
				.map((row) -> new LockHolder(row.get(0), row.get(1), LockHolder.instant(row.get(2)), row.get(3)));
		}
		catch (SQLException ex) {
			if (request().server().database().errors().isMissingTable(ex)) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return "end its session with CALL ABORT_SESSION(" + holder.session() + ")";
	}

	@Override
	public void close() {
		try {
			if (this.claimed) {
				release();
			}
		}
		catch (SQLException ex) {
			// The end of the sessions makes the claim void.
			logger.debug("The lock row could not be cleared", ex);
		}
		this.second.disconnect();
	}

}
