package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews a lease again and again from a connection of its own. Only an answer can tell
 * that the lease is lost. A connection on which no answer comes, or one that is no good,
 * is replaced at once, because the next beat may come too late.
 */
final class LeaseBeat implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeaseBeat.class);

	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);

	/** Whatever holds a beat up must not hold up the next one too. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

	private static final int MOST_DOUBLINGS = 8;

	private final LeaseTable table;

	private final Database database;

	private final Duration duration;

	/** Also how long an answer may take, so that two of them fit into the duration. */
	private final Duration period;

	private final SideConnection connection;

	private volatile @Nullable Heartbeat heartbeat;

	/** How many answers in a row have not come. */
	private volatile int unanswered;

	private boolean told;

	/** Whether a beat that did not end in time may still use the connection. */
	private boolean abandoned;

	LeaseBeat(LockRequest request, LeaseTable table) {
		this.table = table;
		this.database = request.server().database();
		this.duration = request.leaseDuration();
		this.period = Backoff.shorter(this.duration.dividedBy(3), LONGEST_PERIOD);
		this.connection = new SideConnection(request.more(), this.period, this::prepare);
	}

	private void prepare(Connection connection) throws SQLException {
		// DDL of a cluster may hold answers up for hours. Each connection that is given
		// up
		// meanwhile is still there on the server, so they become fewer.
		SideConnection.limit(connection, this.period.multipliedBy(1L << Math.min(this.unanswered, MOST_DOUBLINGS)));
		Jdbc.execute(connection, this.database.limits().lockWait(LONGEST_WAIT, false));
		if (this.database.hasSeveralWriters()) {
			// Changes, too, first wait for what was committed elsewhere: this may be
			// another node.
			Jdbc.execute(connection, "SET SESSION wsrep_sync_wait = 3");
		}
	}

	/**
	 * Open the connection if there is none.
	 */
	void connect() throws SQLException {
		this.connection.get();
	}

	/**
	 * Begin to renew a lease.
	 */
	void start(long token) {
		this.unanswered = 0;
		this.told = false;
		this.heartbeat = Heartbeat.start(() -> beat(token), this.period);
	}

	private void beat(long token) {
		Exception failure = renew(token);
		if (failure != null) {
			logger.debug("The lease could not be renewed, and is tried on another connection", failure);
			failure = renew(token);
		}
		if (failure == null) {
			this.told = false;
		}
		else if (!this.told && !isStopped()) {
			tell(failure);
		}
	}

	/**
	 * Renew the lease once.
	 * @return why that failed, or {@code null}
	 */
	private @Nullable Exception renew(long token) {
		try {
			if (!this.table.renew(this.connection.get(), token)) {
				lost();
			}
			this.unanswered = 0;
			return null;
		}
		catch (SQLException | RuntimeException ex) {
			if (ex instanceof SQLException error && LeaseTable.isBusy(error)) {
				logger.debug("The lease could not be renewed this time", ex);
				this.unanswered = 0;
				return null;
			}
			if (isStopped()) {
				return null;
			}
			this.unanswered++;
			this.connection.drop();
			return ex;
		}
	}

	private void tell(Exception failure) {
		if (isUnanswered(failure) && this.database.hasSeveralWriters()) {
			// As long as DDL runs, and nobody else gets an answer either.
			return;
		}
		this.told = true;
		logger.warn("The migration lock could not be renewed and is tried again: {}. Another instance takes it over"
				+ " if that does not succeed within {} s.", describe(failure), this.duration.toSeconds());
	}

	private static boolean isUnanswered(Exception failure) {
		return failure instanceof SQLException error
				&& (SqlErrors.isUnanswered(error) || SqlErrors.isConnectionLost(error));
	}

	private static String describe(Exception failure) {
		if (failure instanceof SQLException error) {
			return SqlErrors.describe(error);
		}
		return (failure instanceof MigrationException explained) ? explained.getDescription() : failure.toString();
	}

	private boolean isStopped() {
		Heartbeat beating = this.heartbeat;
		return beating == null || beating.isStopped();
	}

	private void lost() {
		Heartbeat beating = this.heartbeat;
		if (beating != null && !beating.isStopped()) {
			beating.stop();
			logger.warn("The migration lock was taken over by another instance, because this one has not renewed it "
					+ "for {} s. It will record nothing more.", this.duration.toSeconds());
		}
	}

	/**
	 * Renew the lease no more.
	 */
	void stop() {
		Heartbeat beating = this.heartbeat;
		if (beating != null) {
			beating.close();
			this.heartbeat = null;
			if (!beating.hasEnded()) {
				// A beat that DDL holds up may still use it.
				this.abandoned = true;
				this.connection.drop();
			}
		}
	}

	@Override
	public void close() {
		stop();
		if (this.abandoned) {
			this.connection.close();
		}
		else {
			this.connection.disconnect();
		}
	}

}
