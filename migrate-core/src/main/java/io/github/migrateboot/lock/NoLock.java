package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * No lock: because nobody else can reach the database, or because it was asked for.
 */
final class NoLock extends AbstractLock {

	private final String reason;

	NoLock(LockRequest request, String reason) {
		super(request);
		this.reason = reason;
	}

	@Override
	public String name() {
		return "none";
	}

	@Override
	public String describe() {
		return this.reason;
	}

	@Override
	boolean acquire(Duration patience) {
		return true;
	}

	@Override
	String condition() {
		return "1 = 1";
	}

	@Override
	boolean stillHeld() {
		return true;
	}

	@Override
	boolean release() {
		return true;
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		return Optional.empty();
	}

}
