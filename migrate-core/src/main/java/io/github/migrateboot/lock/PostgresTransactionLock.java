package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.SqlChannel;
import io.github.migrateboot.database.SqlChannels;

/**
 * An advisory lock of a transaction of the migrating connection, on PostgreSQL. Whatever
 * session of the server a pooler runs the transaction in, the lock is there, and it ends
 * when the transaction ends.
 */
final class PostgresTransactionLock extends AbstractLock implements TransactionLock, BlockingStrategy, HolderAdvice {

	private final PostgresAdvisoryLock lock;

	private final List<String> first;

	PostgresTransactionLock(LockRequest request, List<String> first) {
		super(request);
		this.lock = PostgresAdvisoryLock.of(request);
		this.first = first;
	}

	@Override
	public String name() {
		return "pinned";
	}

	@Override
	public String describe() {
		return "advisory lock " + this.lock.key() + " of " + server() + " in the migration's own transaction";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		boolean acquired = false;
		connection().setAutoCommit(false);
		try {
			begin();
			acquired = this.lock.tryTake(connection(), "pg_try_advisory_xact_lock");
			return acquired;
		}
		finally {
			if (!acquired) {
				end();
			}
		}
	}

	private void begin() throws SQLException {
		if (this.first.isEmpty()) {
			return;
		}
		try (SqlChannel channel = SqlChannels.open(connection())) {
			channel.executeAll(this.first);
		}
	}

	private void end() throws SQLException {
		if (!connection().isClosed() && !connection().getAutoCommit()) {
			connection().rollback();
			connection().setAutoCommit(true);
		}
	}

	@Override
	public String condition() {
		return this.lock.heldByOwnSession();
	}

	/**
	 * The transaction may have ended already, and the lock with it.
	 */
	@Override
	boolean release() throws SQLException {
		end();
		return true;
	}

	/**
	 * A pooler knows nobody to pass a cancellation on to as long as it makes a client
	 * wait, and the server knows nothing of it.
	 */
	@Override
	public void cancel() {
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

}
