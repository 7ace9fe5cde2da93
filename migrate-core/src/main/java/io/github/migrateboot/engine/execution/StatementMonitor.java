package io.github.migrateboot.engine.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.database.SessionProbe;
import io.github.migrateboot.database.SessionProbe.Activity;
import io.github.migrateboot.database.SessionProbe.State;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a statement that takes long: says so every report interval, and asks over a
 * second connection whether the server is still at it. If there is nothing left to wait
 * for, the migrating connection is closed, so that the wait for the answer ends. An
 * unanswered question means nothing.
 * <p>
 * Costs nothing as long as no statement takes longer than the interval.
 */
public final class StatementMonitor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(StatementMonitor.class);

	private static final ThreadFactory THREADS = (task) -> {
		Thread thread = new Thread(task, "migrate-session-watch");
		thread.setDaemon(true);
		return thread;
	};

	private static final ThreadMXBean THREAD_TIMES = ManagementFactory.getThreadMXBean();

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, THREADS);

	/** Leaves a question out while the one before is not answered. */
	private final ThreadPoolExecutor questions = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), THREADS, new ThreadPoolExecutor.DiscardPolicy());

	private final Connection connection;

	private final @Nullable SessionProbe probe;

	private final Opener opener;

	private final Duration interval;

	private final StatusPublisher board;

	/** Used by the one thread that asks, and at the end. */
	private volatile @Nullable Connection second;

	private volatile boolean closed;

	private @Nullable Watched watched;

	public StatementMonitor(MigrationSession session, Opener opener, Duration interval, StatusPublisher board) {
		this.connection = session.connection();
		this.probe = session.server().session();
		this.opener = opener;
		this.interval = interval;
		this.board = board;
		this.clock.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Note that a statement is about to be executed; {@link #end()} must follow.
	 */
	public void begin() {
		Watched statement = new Watched();
		this.watched = statement;
		long nanos = this.interval.toNanos();
		statement.future = this.clock.scheduleAtFixedRate(statement::look, nanos, nanos, TimeUnit.NANOSECONDS);
	}

	public void end() {
		Watched statement = this.watched;
		this.watched = null;
		if (statement != null) {
			statement.end();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.clock.shutdownNow();
		this.questions.shutdown();
		closeSecond();
	}

	private void closeSecond() {
		Connection connection = this.second;
		this.second = null;
		if (connection != null) {
			abort(connection);
		}
	}

	// Closing it would wait for an answer that is under way.
	private static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", SqlErrors.describe(ex));
		}
	}

	private @Nullable Connection second() throws SQLException {
		Connection connection = this.second;
		if (connection == null || connection.isClosed()) {
			connection = this.opener.open().orElse(null);
			if (connection == null) {
				logger.debug("There is no second connection to watch the statement with");
				return null;
			}
			connection.setNetworkTimeout(Runnable::run, (int) Math.max(1000, this.interval.toMillis()));
			this.second = connection;
			if (this.closed) {
				closeSecond();
				return null;
			}
		}
		return connection;
	}

	private String what() {
		Running running = this.board.status().running();
		if (running == null) {
			return "A statement";
		}
		return "Migration " + running.name()
				+ ((running.statement() > 0) ? ", statement " + running.statement() + " of " + running.statements()
						: " (" + running.statements() + " statements in one transaction)");
	}

	/**
	 * Opens the second connection.
	 */
	@FunctionalInterface
	public interface Opener {

		Optional<Connection> open() throws SQLException;

	}

	/**
	 * One statement that is being executed.
	 */
	private final class Watched {

		private final long start = System.nanoTime();

		private final long thread = Thread.currentThread().getId();

		/** How much the waiting thread had computed when it was looked at last. */
		private long computed;

		private volatile boolean ended;

		private @Nullable Future<?> future;

		/** Whether the server has once been found at work. */
		private boolean busy;

		/** Whether the server had been found idle when it was asked last. */
		private boolean idle;

		void look() {
			logger.info("{} has been running for {}", what(), seconds());
			SessionProbe probe = StatementMonitor.this.probe;
			if (probe != null) {
				StatementMonitor.this.questions.execute(() -> ask(probe));
			}
		}

		private void ask(SessionProbe probe) {
			try {
				Duration elapsed = elapsed();
				Connection other = second();
				if (other != null) {
					judge(probe.ask(other), elapsed);
					askProgress(probe, other);
				}
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("It could not be asked whether the session still lives", ex);
				closeSecond();
			}
		}

		/**
		 * Other than the question before, this one may need a privilege.
		 */
		private void askProgress(SessionProbe probe, Connection other) {
			Running about = StatementMonitor.this.board.status().running();
			if (about == null || this.ended) {
				return;
			}
			try {
				StatementProgress progress = probe.progress(other);
				StatementMonitor.this.board.progress(about, progress);
				if (progress != null) {
					logger.info("{}: {}", what(), progress.describe());
				}
			}
			catch (SQLException ex) {
				logger.debug("The server does not say how far it is: {}", SqlErrors.describe(ex));
			}
		}

		/**
		 * Twice idle after the statement has been executed means that the answer got
		 * lost. While a large statement is still being sent, the server has not yet been
		 * at work, and has been idle for longer. While a large answer is still arriving,
		 * the thread that waits for it computes.
		 */
		private void judge(Activity activity, Duration elapsed) {
			boolean arriving = isAnswerArriving();
			this.busy |= activity.state() == State.BUSY;
			boolean answered = activity.state() == State.IDLE && (this.busy || activity.since().compareTo(elapsed) < 0)
					&& !arriving;
			if (activity.state() == State.GONE) {
				giveUp("its session does not exist any more on the server");
			}
			else if (answered && this.idle) {
				giveUp("the server has finished it, but the answer did not arrive");
			}
			this.idle = answered;
		}

		private boolean isAnswerArriving() {
			long before = this.computed;
			this.computed = THREAD_TIMES.getThreadCpuTime(this.thread);
			return this.computed > before;
		}

		private void giveUp(String reason) {
			if (!this.ended) {
				logger.warn("{}: {}. The wait for it ends.", what(), reason);
				abort(StatementMonitor.this.connection);
			}
		}

		void end() {
			this.ended = true;
			if (this.future != null) {
				this.future.cancel(false);
			}
		}

		private Duration elapsed() {
			return Duration.ofNanos(System.nanoTime() - this.start);
		}

		private String seconds() {
			return String.format(Locale.ROOT, "%.1f s", elapsed().toMillis() / 1000.0);
		}

	}

}
