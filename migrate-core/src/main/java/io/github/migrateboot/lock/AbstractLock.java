package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.LockLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all strategies have in common: a lock is taken in autocommit, once, and released
 * once.
 */
abstract class AbstractLock implements LockStrategy {

	private static final Logger logger = LoggerFactory.getLogger(AbstractLock.class);

	private final LockRequest request;

	private boolean held;

	AbstractLock(LockRequest request) {
		this.request = request;
	}

	/**
	 * Try to take the lock.
	 * @return {@code true} only if the server has said that it is ours
	 */
	abstract boolean acquire(Duration patience) throws SQLException;

	abstract String condition();

	/**
	 * Return what {@link MigrationLock#fence()} does.
	 */
	Optional<String> fence() {
		return Optional.empty();
	}

	/**
	 * Ask the server whether the lock is still ours.
	 */
	boolean stillHeld() throws SQLException {
		return Jdbc.isTrue(connection(), condition());
	}

	/**
	 * Release the lock; not called for one that was not acquired.
	 * @return {@code false} if it was not ours any more
	 */
	abstract boolean release() throws SQLException;

	@Override
	public final Optional<MigrationLock> tryAcquire(Duration patience) throws SQLException {
		if (this.held) {
			throw new IllegalStateException("The lock is already held, and must not be taken twice");
		}
		if (!connection().getAutoCommit()) {
			throw new IllegalStateException("The lock must be taken in autocommit");
		}
		if (!acquire(patience)) {
			return Optional.empty();
		}
		this.held = true;
		return Optional.of(new Held());
	}

	@Override
	public void close() {
	}

	final LockRequest request() {
		return this.request;
	}

	final Connection connection() {
		return this.request.connection();
	}

	final boolean isHeld() {
		return this.held;
	}

	/**
	 * Say where to look for the reason when the lock is lost.
	 */
	String whyLost() {
		return "Look for a statement in the migrations that releases every lock of its session, and for whoever ended "
				+ "the session.";
	}

	/**
	 * Return the server for messages.
	 */
	final String server() {
		return this.request.server().database().displayName() + " " + this.request.server().version();
	}

	private final class Held implements MigrationLock {

		private boolean closed;

		@Override
		public String condition() {
			return AbstractLock.this.condition();
		}

		@Override
		public Optional<String> fence() {
			return AbstractLock.this.fence();
		}

		@Override
		public void verify() throws SQLException {
			if (this.closed) {
				throw new IllegalStateException("The lock has been released");
			}
			if (!stillHeld()) {
				throw new LockLostException(
						"The migration lock (%s) is no longer held by this instance.".formatted(describe()),
						whyLost() + " Nothing was recorded since then; start again.");
			}
		}

		@Override
		public void close() {
			if (this.closed) {
				return;
			}
			this.closed = true;
			AbstractLock.this.held = false;
			try {
				if (!release()) {
					logger.warn("The migration lock was no longer held when it was to be released: {}", describe());
				}
			}
			catch (SQLException ex) {
				// The server releases it when it notices the end of the session.
				logger.debug("The migration lock could not be released", ex);
			}
		}

	}

}
