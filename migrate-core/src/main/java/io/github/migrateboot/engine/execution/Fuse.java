package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.VictimProbe;
import io.github.migrateboot.database.Victims;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.Execution;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, while a migration is tried, whom it keeps waiting, and tells; and where there is
 * a limit, ends the try when somebody has waited for too long. What is being executed is
 * cancelled. Between two statements nothing can be cancelled, so the next one is refused,
 * and whoever wanted to send it rolls back.
 * <p>
 * A try that is over before the first look costs no connection. Started and ended by the
 * thread that migrates.
 */
public final class Fuse implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Fuse.class);

	/** Until the first look where nothing depends on it. */
	private static final Duration UNLIMITED_START = Duration.ofMillis(2500);

	private static final Duration UNLIMITED_PERIOD = Duration.ofSeconds(1);

	private static final Duration LONGEST_PERIOD = Duration.ofMillis(500);

	private static final Duration SHORTEST_PERIOD = Duration.ofMillis(50);

	/** Until the next look where none was possible. */
	private static final Duration BLIND_PERIOD = Duration.ofSeconds(5);

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "migrate-fuse");
		thread.setDaemon(true);
		return thread;
	});

	private final @Nullable VictimProbe probe;

	private final SideConnection second;

	private final @Nullable Duration limit;

	private final BlockingReport report;

	/** Guarded by this object, as what follows. */
	private @Nullable Watch watch;

	private @Nullable Execution running;

	private @Nullable Trip trip;

	private boolean spared;

	/**
	 * Create a fuse.
	 * @param probe looks who is blocked, or {@code null} if nobody can tell
	 * @param second the connection to look on
	 * @param limit how long anybody may wait, or {@code null} for no limit
	 * @param interval how often it is told
	 * @param progress what is running
	 */
	public Fuse(@Nullable VictimProbe probe, SideConnection second, @Nullable Duration limit, Duration interval,
			RunProgress progress) {
		this.probe = probe;
		this.second = second;
		this.limit = limit;
		this.report = new BlockingReport(progress, limit, interval);
		this.clock.setRemoveOnCancelPolicy(true);
		if (probe == null) {
			this.report.blind("this database lets nobody see it");
		}
	}

	/**
	 * Begin a try. If something is being executed, it is the next of several migrations
	 * that were sent at once, and a cancellation that was meant for the one before may
	 * still hit it.
	 */
	synchronized void begin() {
		this.trip = (this.trip != null && this.running != null) ? this.trip.tooLate() : null;
		if (this.probe != null) {
			this.watch = new Watch(this.probe);
			this.watch.schedule((this.limit != null) ? period(Duration.ZERO) : UNLIMITED_START);
		}
	}

	/**
	 * End a try, however it went.
	 */
	void end() {
		Watch ended;
		synchronized (this) {
			ended = this.watch;
			this.watch = null;
		}
		if (ended != null) {
			this.report.end();
		}
	}

	/**
	 * Return why the try that was started last was ended, or {@code null} if it was not.
	 */
	synchronized @Nullable Trip trip() {
		return this.trip;
	}

	/**
	 * Note that something is about to be executed; {@link #executed()} must follow.
	 * @throws FuseBlownException if what stands before it has kept others waiting for too
	 * long
	 */
	synchronized void executing(Execution execution) throws FuseBlownException {
		if (this.trip != null) {
			throw new FuseBlownException();
		}
		this.running = execution;
	}

	synchronized void executed() {
		this.running = null;
	}

	/**
	 * Note that what has been executed holds no locks any more.
	 */
	public synchronized void released() {
		this.trip = null;
	}

	/**
	 * Note whether what is executed next must not be cancelled.
	 */
	synchronized void spare(boolean spared) {
		this.spared = spared;
	}

	private synchronized void tripped(Watch by, Victims victims) {
		if (this.watch != by || this.trip != null || this.spared) {
			return;
		}
		this.trip = new Trip(victims);
		this.report.tripped(victims);
		if (this.running != null) {
			this.running.cancel();
		}
	}

	private synchronized boolean isOver(Watch watch) {
		return this.watch != watch;
	}

	/**
	 * Return how long to wait before the next look.
	 * @param waited how long somebody has waited
	 */
	private Duration period(Duration waited) {
		if (this.limit == null) {
			return UNLIMITED_PERIOD;
		}
		Duration left = this.limit.minus(waited);
		Duration period = (left.compareTo(this.limit.dividedBy(4)) < 0) ? left : this.limit.dividedBy(4);
		if (period.compareTo(SHORTEST_PERIOD) < 0) {
			return SHORTEST_PERIOD;
		}
		return (period.compareTo(LONGEST_PERIOD) > 0) ? LONGEST_PERIOD : period;
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
	}

	/**
	 * One try that is watched.
	 */
	private final class Watch {

		private final VictimProbe probe;

		private boolean looked;

		/** Until the next look. */
		private Duration next = BLIND_PERIOD;

		Watch(VictimProbe probe) {
			this.probe = probe;
		}

		void schedule(Duration delay) {
			if (!Fuse.this.clock.isShutdown()) {
				Fuse.this.clock.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS);
			}
		}

		private void look() {
			if (isOver(this)) {
				return;
			}
			this.next = BLIND_PERIOD;
			if (!this.looked) {
				this.looked = true;
				this.probe.forget();
			}
			try {
				Fuse.this.second.use(this::ask);
			}
			catch (SQLException ex) {
				Fuse.this.report.blind(SqlErrors.describe(ex));
			}
			catch (MigrationException ex) {
				Fuse.this.report.blind("no second connection can be opened");
				logger.debug("No second connection to look on", ex);
			}
			if (!isOver(this)) {
				schedule(this.next);
			}
		}

		private void ask(Connection connection) throws SQLException {
			Victims victims = this.probe.look(connection);
			if (!isOver(this)) {
				saw(victims);
			}
			this.next = period(victims.blocking().longest());
		}

		private void saw(Victims victims) {
			Fuse.this.report.saw(victims, this.probe.blindness());
			Duration limit = Fuse.this.limit;
			if (limit != null && victims.blocking().longest().compareTo(limit) > 0) {
				tripped(this, victims);
			}
		}

	}

}
