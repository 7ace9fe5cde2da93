package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Jdbc;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row that its owner renews again and again from another connection, where nothing that
 * a session locks is known to all servers, as on a Galera cluster.
 * <p>
 * Others take it over when it has not been renewed for long; see {@link LeaseWatch}. So a
 * holder may be mistaken for dead while it is stopped or cut off, and must not record
 * anything when it comes back: see {@link LeaseTable} for the fence.
 */
final class LeaseLock extends AbstractLock implements BlockingStrategy, HolderAdvice {

	private static final Logger logger = LoggerFactory.getLogger(LeaseLock.class);

	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);

	/** Whatever holds a beat up must not hold up the next one too. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

	private static final int MAX_TRIES = 3;

	private final LeaseTable table;

	private final Duration duration;

	private final LeaseWatch watch;

	private volatile @Nullable Connection second;

	private @Nullable Heartbeat heartbeat;

	private volatile long token;

	LeaseLock(LockRequest request) {
		super(request);
		this.table = new LeaseTable(request);
		this.duration = request.leaseDuration();
		this.watch = new LeaseWatch(this.duration);
	}

	@Override
	public String name() {
		return "lease";
	}

	@Override
	public String describe() {
		String reason = request().server().database().hasSeveralWriters()
				? "the server is a node of a Galera cluster, which may be written to at several nodes"
				: "migrate.lock.strategy is lease";
		return "lease of %s s in the table %s of %s, renewed from a second connection, because %s"
			.formatted(this.duration.toSeconds(), this.table, server(), reason);
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		try {
			LeaseRow row = this.table.read(connection()).orElse(null);
			if (row == null || !mayBeTaken(row) || !this.table.take(connection(), row, request().instance().label())) {
				return false;
			}
			this.token = row.token() + 1;
			if (row.owner() != null) {
				logger.warn("Took the migration lock over from {}, which has given no sign of life for {} s",
						row.owner(), this.duration.toSeconds());
			}
		}
		catch (SQLException ex) {
			if (LeaseTable.isBusy(ex)) {
				this.watch.interrupted();
				return false;
			}
			throw ex;
		}
		startBeating();
		return true;
	}

	private boolean mayBeTaken(LeaseRow row) {
		boolean over = this.watch.isOver(row, System.nanoTime());
		return over || row.owner() == null;
	}

	private void startBeating() throws SQLException {
		try {
			if (this.second == null) {
				this.second = open();
			}
		}
		catch (SQLException | RuntimeException ex) {
			release();
			throw ex;
		}
		Duration third = this.duration.dividedBy(3);
		this.heartbeat = Heartbeat.start(this::beat, (third.compareTo(LONGEST_PERIOD) < 0) ? third : LONGEST_PERIOD);
	}

	private Connection open() throws SQLException {
		Connection connection = request().more().open();
		for (String setting : settings()) {
			Jdbc.execute(connection, setting);
		}
		return connection;
	}

	private List<String> settings() {
		Database database = request().server().database();
		String shortWaits = database.limits().lockWait(LONGEST_WAIT, false);
		// Changes, too, first wait for what was committed elsewhere: this may be another
		// node.
		return database.hasSeveralWriters() ? List.of(shortWaits, "SET SESSION wsrep_sync_wait = 3")
				: List.of(shortWaits);
	}

	/**
	 * Renew the lease. Only an answer can tell that it is lost; without one, the next
	 * beat asks again.
	 */
	private void beat() {
		try {
			Connection connection = this.second;
			if (connection == null) {
				connection = open();
				this.second = connection;
			}
			if (!this.table.renew(connection, this.token)) {
				stop();
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The lease could not be renewed this time", ex);
			if (!(ex instanceof SQLException error) || !LeaseTable.isBusy(error)) {
				closeSecond(false);
			}
		}
	}

	private void stop() {
		Heartbeat beating = this.heartbeat;
		if (beating != null && !beating.isStopped()) {
			beating.stop();
			logger.warn("The migration lock was taken over by another instance, because this one has not renewed it "
					+ "for {} s. It will record nothing more.", this.duration.toSeconds());
		}
	}

	@Override
	String condition() {
		return this.table.condition(this.token);
	}

	@Override
	Optional<String> fence() {
		return Optional.of(this.table.fence(this.token));
	}

	@Override
	String whyLost() {
		return "Look whether this process, its host or its network stood still for longer than the %s s of "
			.formatted(this.duration.toSeconds()) + "migrate.lock.lease-duration, and raise that if it happens often.";
	}

	/**
	 * On the migrating connection, which proves that nothing runs on it any more.
	 */
	@Override
	boolean release() throws SQLException {
		stopBeating();
		for (int tries = 1;; tries++) {
			try {
				return !connection().isClosed() && this.table.release(connection(), this.token);
			}
			catch (SQLException ex) {
				if (tries == MAX_TRIES || !LeaseTable.isBusy(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * On Galera no node answers while DDL is executed on any of them.
	 */
	@Override
	public boolean answersInTime() {
		return !request().server().database().hasSeveralWriters();
	}

	/**
	 * What waits for DDL in the cluster can't be ended there, and a waiter has nothing to
	 * lose. A lease that was being taken over at this moment ends by itself.
	 */
	@Override
	public void cancel() throws SQLException {
		if (!answersInTime()) {
			connection().abort(Runnable::run);
		}
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		return this.table.holder(connection());
	}

	@Override
	public String howToEnd(LockHolder holder) {
		return "end its process, and its lock is free after %s s".formatted(this.duration.toSeconds());
	}

	@Override
	public void close() {
		closeSecond(!stopBeating());
	}

	/**
	 * Return whether the second connection is not in use any more.
	 */
	private boolean stopBeating() {
		Heartbeat beating = this.heartbeat;
		if (beating == null) {
			return true;
		}
		beating.close();
		if (!beating.hasEnded()) {
			// A beat that DDL holds up may still use it.
			closeSecond(true);
		}
		this.heartbeat = null;
		return beating.hasEnded();
	}

	private void closeSecond(boolean inUse) {
		Connection connection = this.second;
		this.second = null;
		if (connection == null) {
			return;
		}
		try {
			if (inUse) {
				connection.abort(Runnable::run);
			}
			else {
				connection.close();
			}
		}
		catch (SQLException ex) {
			logger.debug("The second connection could not be closed", ex);
		}
	}

}
