package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import org.jspecify.annotations.Nullable;

/**
 * An advisory lock of a transaction, on PostgreSQL behind a pooler that runs each
 * transaction in another session of the server.
 * <p>
 * A migration with a transaction takes it there. For any other one a second connection
 * keeps a transaction open that does nothing but hold the lock. It has no snapshot, so
 * that {@code CREATE INDEX CONCURRENTLY} doesn't wait for it: after the query that took
 * the lock, a utility statement in the same transaction lets go of the query's snapshot.
 */
final class PostgresPinnedLock extends AbstractLock implements PerTransactionStrategy, BlockingStrategy, HolderAdvice {

	private final PostgresAdvisoryLock lock;

	private final Duration patienceForSecond;

	private final SideConnection second;

	private @Nullable Heartbeat heartbeat;

	private @Nullable String condition;

	PostgresPinnedLock(LockRequest request) {
		this(request, Duration.ofSeconds(10));
	}

	PostgresPinnedLock(LockRequest request, Duration patienceForSecond) {
		super(request);
		this.lock = PostgresAdvisoryLock.of(request);
		this.patienceForSecond = patienceForSecond;
		this.second = new SideConnection(request.more(), patienceForSecond);
	}

	@Override
	public String name() {
		return "pinned";
	}

	@Override
	public String describe() {
		String reason = request().server().database().isPooled() ? "a connection pooler stands between"
				: "migrate.lock.strategy is pinned";
		return "advisory lock " + this.lock.key() + " of " + server()
				+ ", taken by each migration's transaction or pinned by a second connection, because " + reason;
	}

	@Override
	public TransactionLock ofTransaction(List<String> first) {
		return new PostgresTransactionLock(request(), first);
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		Connection connection = this.second.get();
		try {
			connection.setAutoCommit(false);
			// Others may have to leave the pooler first.
			SideConnection.limit(connection, Duration.ZERO);
			if (!this.lock.tryTake(connection, "pg_try_advisory_xact_lock")) {
				end(connection);
				return false;
			}
			SideConnection.limit(connection, this.patienceForSecond);
			List<@Nullable String> transaction = Jdbc
				.row(connection,
						"select l.pid, l.virtualtransaction from pg_catalog.pg_locks l"
								+ " where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'virtualxid'")
				.orElseThrow();
			this.condition = this.lock.heldBy(Integer.parseInt(String.valueOf(transaction.get(0))),
					String.valueOf(transaction.get(1)));
			keep(connection);
			requireAnotherSession();
			return true;
		}
		catch (Throwable ex) {
			stopHeartbeat();
			this.second.drop();
			throw ex;
		}
	}

	/**
	 * Let go of the snapshot, and have the server end the transaction when this process
	 * falls silent or dies.
	 */
	private void keep(Connection connection) throws SQLException {
		String beat = "SET LOCAL application_name = "
				+ request().server().database().dialect().literal(request().instance().label());
		Jdbc.execute(connection, beat);
		Jdbc.execute(connection, "SET LOCAL idle_in_transaction_session_timeout = '30s'");
		this.heartbeat = Heartbeat.start(connection, beat);
	}

	/**
	 * Find out whether the pooler has a session left for the migration itself. The answer
	 * may never come, so the connection is given up if it doesn't come in time.
	 */
	private void requireAnotherSession() throws SQLException {
		Connection connection = connection();
		int before = connection.getNetworkTimeout();
		connection.setNetworkTimeout(Runnable::run, (int) this.patienceForSecond.toMillis());
		try {
			if (!stillHeld()) {
				throw new SQLException("The lock that was just taken is not held");
			}
		}
		catch (SQLException ex) {
			if (!connection.isClosed()) {
				throw ex;
			}
			throw new DatabaseAccessException(FailureText
				.of("The pooler gave the migration no second connection to the server within %s s. A migration "
					.formatted(this.patienceForSecond.toSeconds())
						+ "without a transaction (transaction:false) needs two at once behind a pooler: one that "
						+ "holds the lock, and one that migrates. Nothing of the migration was started."),
					"Raise the pooler's pool size for this database and user to 2 or more (PgBouncer: pool_size or "
							+ "default_pool_size), see whether others use up the pool, or connect directly to the "
							+ "server.",
					ex);
		}
		finally {
			if (!connection.isClosed()) {
				connection.setNetworkTimeout(Runnable::run, before);
			}
		}
	}

	@Override
	String condition() {
		return Objects.requireNonNull(this.condition, "The lock has not been taken");
	}

	@Override
	boolean release() throws SQLException {
		stopHeartbeat();
		Connection connection = this.second.ifOpen();
		if (connection == null) {
			return false;
		}
		try {
			end(connection);
			return true;
		}
		catch (SQLException ex) {
			this.second.drop();
			throw ex;
		}
	}

	private static void end(Connection connection) throws SQLException {
		connection.rollback();
		connection.setAutoCommit(true);
	}

	/**
	 * Either connection may be waiting in the pooler, which passes no cancellation on.
	 */
	@Override
	public void cancel() {
		this.second.close();
		SideConnection.abort(connection());
	}

	@Override
	public boolean mayStayUnanswered() {
		return request().server().database().isPooled();
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		return this.lock.holderInTransaction(connection());
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return PostgresAdvisoryLock.howToEnd(holder);
	}

	@Override
	public void close() {
		if (stopHeartbeat()) {
			this.second.disconnect();
		}
		else {
			this.second.close();
		}
	}

	/**
	 * Return whether the second connection is not in use any more.
	 */
	private boolean stopHeartbeat() {
		Heartbeat beating = this.heartbeat;
		this.heartbeat = null;
		if (beating == null) {
			return true;
		}
		beating.close();
		return beating.hasEnded();
	}

}
