package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.migrateboot.database.Jdbc;

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
		return this.lock.tryTakeTwice(connection());
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
	 * The connection may be the application's, which does not listen.
	 */
	@Override
	public void close() {
		if (this.listening) {
			this.listening = false;
			try {
				Jdbc.execute(connection(), "UNLISTEN " + this.channel);
			}
			catch (SQLException ex) {
				logger.debug("The connection can't be told not to listen, and is lost", ex);
			}
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
