package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A lock of this process, for a database in its memory that other contexts and threads
 * reach and no other process does.
 * <p>
 * It is a system property, whose value says who holds it: these are shared by all class
 * loaders of the process, as the database may be, and static state is not.
 */
final class ProcessLock extends AbstractLock {

	private final String property;

	private final String token = UUID.randomUUID().toString();

	private volatile String claim = "";

	ProcessLock(LockRequest request) {
		super(request);
		String database = request.server().database().id() + "\n" + request.server().destination().server();
		LockKey key = new LockKey(database + "\n" + LockKey.of(request).identity());
		this.property = "io.github.migrateboot.lock." + Long.toHexString(key.toLong());
	}

	@Override
	public String name() {
		return "process";
	}

	@Override
	public String describe() {
		return "lock of this process on " + server() + ", because no other process can reach this database";
	}

	@Override
	boolean acquire(Duration patience) {
		String wanted = this.token + ' ' + Instant.now().toEpochMilli() + ' ' + request().instance().label();
		if (System.getProperties().putIfAbsent(this.property, wanted) != null) {
			return false;
		}
		this.claim = wanted;
		return true;
	}

	/**
	 * SQL can't tell.
	 */
	@Override
	String condition() {
		return "1 = 1";
	}

	@Override
	boolean stillHeld() {
		return this.claim.equals(System.getProperty(this.property));
	}

	@Override
	String whyLost() {
		return "Look for what changes the system properties of this process meanwhile, all of them or " + this.property
				+ ".";
	}

	@Override
	boolean release() {
		return System.getProperties().remove(this.property, this.claim);
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		String held = System.getProperty(this.property);
		if (held == null) {
			return Optional.empty();
		}
		String[] parts = held.split(" ", 3);
		return Optional.of((parts.length == 3)
				? new LockHolder(null, parts[2], Instant.ofEpochMilli(Long.parseLong(parts[1])), null)
				: new LockHolder(null, null, null, null));
	}

	@Override
	public void close() {
		if (isHeld()) {
			release();
		}
	}

}
