package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.Jdbc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An advisory lock of the migrating session, on PostgreSQL.
 * <p>
 * It is never waited for in the server: a session that is blocked in
 * {@code pg_advisory_lock} holds a snapshot, and {@code CREATE INDEX CONCURRENTLY} waits
 * for every snapshot. Whoever releases the lock wakes those who listen, and a session
 * that listens holds no snapshot.
 */
final class PostgresSessionLock extends AbstractLock implements WakingStrategy, HolderAdvice {

	private static final Logger logger = LoggerFactory.getLogger(PostgresSessionLock.class);

	private final PostgresAdvisoryLock lock;

	private final String channel;

	private boolean listening;

	PostgresSessionLock(LockRequest request) {
		super(request);
		this.lock = PostgresAdvisoryLock.of(request);
		this.channel = "migrate_" + Long.toHexString(this.lock.key());
	}

	@Override
	public String name() {
		return "session";
	}

	@Override
	public String describe() {
		return "advisory lock " + this.lock.key() + " of " + server() + " on the migrating connection";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		if (!this.lock.tryTakeTwice(connection())) {
			return false;
		}
		// Not while migrating: a session that listens and is busy keeps what others have
		// said in the server's queue.
		stopListening();
		return true;
	}

	@Override
	String condition() {
		return this.lock.heldTwiceByOwnSession();
	}

	@Override
	boolean release() throws SQLException {
		return connection().isClosed() || this.lock.giveBackBoth(connection(), this.channel);
	}

	@Override
	public boolean listen() throws SQLException {
		if (!this.listening && PostgresNotifications.areSupported(connection())) {
			Jdbc.execute(connection(), "LISTEN " + this.channel);
			this.listening = true;
		}
		return this.listening;
	}

	@Override
	public boolean pause(Duration duration, StopSignal signal) throws InterruptedException, SQLException {
		return PostgresNotifications.await(connection(), duration, signal);
	}

	/**
	 * The connection may be the application's, which does not listen to this.
	 */
	@Override
	public void close() {
		try {
			stopListening();
		}
		catch (SQLException ex) {
			logger.debug("The connection can't be told not to listen, and is lost", ex);
		}
	}

	private void stopListening() throws SQLException {
		if (this.listening) {
			Jdbc.execute(connection(), "UNLISTEN " + this.channel);
			this.listening = false;
			PostgresNotifications.discard(connection());
		}
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		return this.lock.holderInSession(connection());
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return PostgresAdvisoryLock.howToEnd(holder);
	}

}
