package io.github.migrateboot.lock;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.database.SessionActivity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named lock of the migrating session, on MySQL and MariaDB.
 * <p>
 * A session that waits in {@code GET_LOCK} holds no transaction, no snapshot and no
 * metadata lock, and is woken within milliseconds, so the waiting is done in the server.
 */
final class MySqlSessionLock extends AbstractLock implements BlockingStrategy, HolderAdvice {

	private static final Logger logger = LoggerFactory.getLogger(MySqlSessionLock.class);

	/**
	 * The driver property {@code connectionAttributes} of the run's connection has it.
	 */
	private static final String INSTANCE_ATTRIBUTE = "migrate_instance";

	/** In seconds since 1970; the server does not say when a session began. */
	private static final String SINCE_ATTRIBUTE = "migrate_since";

	private final String lockName;

	private volatile @Nullable Statement waiting;

	MySqlSessionLock(LockRequest request) {
		super(request);
		this.lockName = LockKey.of(request).toName();
	}

	@Override
	public String name() {
		return "session";
	}

	@Override
	public String describe() {
		return "named lock " + this.lockName + " of " + server() + " on the migrating connection";
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		// Whole seconds only; a negative number waits for ever on MySQL, and on MariaDB
		// gets no lock and no error.
		long seconds = Math.max(0, patience.toSeconds());
		String answer;
		try (PreparedStatement statement = connection().prepareStatement("SELECT GET_LOCK(?, ?)")) {
			statement.setString(1, this.lockName);
			statement.setLong(2, seconds);
			this.waiting = statement;
			try (ResultSet row = statement.executeQuery()) {
				answer = row.next() ? row.getString(1) : null;
			}
		}
		finally {
			this.waiting = null;
		}
		return switch (String.valueOf(answer)) {
			case "1" -> true;
			case "0" -> false;
			default -> throw new SQLException("GET_LOCK answered " + answer);
		};
	}

	@Override
	public void cancel() throws SQLException {
		Statement statement = this.waiting;
		if (statement != null) {
			statement.cancel();
		}
	}

	@Override
	String condition() {
		return "IS_USED_LOCK('" + this.lockName + "') = CONNECTION_ID()";
	}

	@Override
	boolean release() throws SQLException {
		return connection().isClosed() || "1".equals(Jdbc.value(connection(), "SELECT RELEASE_LOCK(?)", this.lockName));
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		String id = Jdbc.value(connection(), "SELECT IS_USED_LOCK(?)", this.lockName);
		if (id == null) {
			return Optional.empty();
		}
		SessionActivity activity = activity(id);
		String label = attribute(INSTANCE_ATTRIBUTE, id);
		return Optional.of(new LockHolder(id, (label != null) ? label : activity.client(),
				LockHolder.instant(attribute(SINCE_ATTRIBUTE, id)), activity.statement()));
	}

	/**
	 * Another account's session shows only its id.
	 */
	private SessionActivity activity(String id) {
		try {
			return request().server().database().inspection().activity(connection(), Long.parseLong(id));
		}
		catch (SQLException ex) {
			logger.debug("What session {} is doing is not visible", id, ex);
			return SessionActivity.UNKNOWN;
		}
	}

	/**
	 * MariaDB keeps connection attributes only with performance_schema switched on.
	 */
	private @Nullable String attribute(String name, String id) {
		try {
			return Jdbc.value(connection(), "SELECT attr_value FROM performance_schema.session_account_connect_attrs"
					+ " WHERE processlist_id = ? AND attr_name = ?", Long.valueOf(id), name);
		}
		catch (SQLException ex) {
			logger.debug("The attribute {} of session {} is not visible", name, id, ex);
			return null;
		}
	}

	/**
	 * The server looks after its client only between two statements, so nobody can tell
	 * whether a session that executes one still has a client.
	 */
	@Override
	public String whatIfDead(LockHolder holder) {
		return (holder.statement() != null)
				? "If that process is gone, the lock is free when this statement ends; KILL " + holder.session()
						+ " ends it"
				: "";
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return "end its session with KILL " + holder.session();
	}

}
