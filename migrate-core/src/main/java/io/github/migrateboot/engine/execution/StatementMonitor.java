package io.github.migrateboot.engine.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.SessionProbe;
import io.github.migrateboot.database.SessionProbe.Activity;
import io.github.migrateboot.database.SessionProbe.State;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.status.MigratorStatus.Running;
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

	private static final Duration LONGEST_ABORT = Duration.ofSeconds(1);

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, THREADS);

	/** Leaves a question out while the one before is not answered. */
	private final ThreadPoolExecutor questions = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), THREADS, new ThreadPoolExecutor.DiscardPolicy());

	private final Connection connection;

	private final @Nullable SessionProbe probe;

	private final SideConnection second;

	private final Duration interval;

	private final RunProgress progress;

	private @Nullable Watched watched;

	/**
	 * Create a monitor of a session.
	 * @param session the migrating session
	 * @param second the connection to ask on
	 * @param interval how often a statement that takes long is told and asked about
	 * @param progress what is running
	 */
	public StatementMonitor(MigrationSession session, SideConnection second, Duration interval, RunProgress progress) {
		this.connection = session.connection();
		this.probe = session.server().session();
		this.second = second;
		this.interval = interval;
		this.progress = progress;
		this.clock.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Note that a statement is about to be executed; {@link #end()} must follow.
	 * @param limit how long it may take, or {@code null}
	 * @param timeOut ends it, and returns at once
	 */
	void begin(@Nullable Duration limit, Runnable timeOut) {
		Watched statement = new Watched();
		this.watched = statement;
		long nanos = this.interval.toNanos();
		statement.report = this.clock.scheduleAtFixedRate(statement::look, nanos, nanos, TimeUnit.NANOSECONDS);
		if (limit != null) {
			statement.alarm = this.clock.schedule(timeOut, limit.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	void end() {
		Watched statement = this.watched;
		this.watched = null;
		if (statement != null) {
			statement.end();
		}
	}

	/**
	 * Close the migrating connection.
	 */
	void giveUp() {
		SideConnection.abortInBackground(this.connection, LONGEST_ABORT);
	}

	/**
	 * Let a cancellation that came too late hit a statement that does nothing.
	 */
	void swallowCancellation() {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("SELECT 1");
		}
		catch (SQLException ex) {
			logger.debug("A late cancellation was swallowed: {}", SqlErrors.describe(ex));
		}
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
		this.questions.shutdown();
	}

	private String what() {
		Running running = this.progress.running();
		if (running == null) {
			return "A statement";
		}
		return "Migration " + running.name()
				+ ((running.statement() > 0) ? ", statement " + running.statement() + " of " + running.statements()
						: " (" + running.statements() + " statements in one transaction)");
	}

	/**
	 * One statement that is being executed.
	 */
	private final class Watched {

		private final ElapsedTime time = new ElapsedTime();

		private final long thread = Thread.currentThread().getId();

		/** How much the waiting thread had computed when it was looked at last. */
		private long computed;

		private volatile boolean ended;

		private @Nullable Future<?> report;

		private @Nullable Future<?> alarm;

		/** Whether the server has once been found at work. */
		private boolean busy;

		/** Whether the server had been found idle when it was asked last. */
		private boolean idle;

		void look() {
			logger.info("{} has been running for {}", what(), ElapsedTime.seconds(this.time.get()));
			SessionProbe probe = StatementMonitor.this.probe;
			if (probe != null) {
				StatementMonitor.this.questions.execute(() -> ask(probe));
			}
		}

		private void ask(SessionProbe probe) {
			try {
				StatementMonitor.this.second.use((other) -> {
					Duration elapsed = this.time.get();
					judge(probe.ask(other), elapsed);
					askProgress(probe, other);
				});
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("It could not be asked whether the session still lives", ex);
			}
		}

		/**
		 * Other than the question before, this one may need a privilege.
		 */
		private void askProgress(SessionProbe probe, Connection other) {
			Running about = StatementMonitor.this.progress.running();
			if (about == null || this.ended) {
				return;
			}
			try {
				StatementProgress progress = probe.progress(other);
				StatementMonitor.this.progress.server(about, progress);
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
				SideConnection.abortInBackground(StatementMonitor.this.connection, Duration.ZERO);
			}
		}

		void end() {
			this.ended = true;
			if (this.report != null) {
				this.report.cancel(false);
			}
			if (this.alarm != null) {
				this.alarm.cancel(false);
			}
		}

	}

}
