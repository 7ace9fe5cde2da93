package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the lock: tries, pauses, and now and then says for whom it waits. The pauses
 * grow to one second and differ at random, so that many waiters don't come at once. Where
 * the server can say that the lock is released, they end with that, and are three
 * seconds.
 */
public final class LockWaiter {

	private static final Logger logger = LoggerFactory.getLogger(LockWaiter.class);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	/**
	 * Where the server says that the lock is released, polls are only for a holder that
	 * could not release it.
	 */
	private static final Duration LISTENING_PAUSE = Duration.ofSeconds(3);

	private final LockStrategy strategy;

	private final Duration timeout;

	private final Duration pollInterval;

	private final Duration reportInterval;

	private final StopSignal signal;

	/**
	 * Create a waiter.
	 * @param strategy the strategy to acquire the lock with
	 * @param timeout how long to wait at most
	 * @param pollInterval the first pause between two tries; a second at most
	 * @param reportInterval how often to log who holds the lock
	 * @param signal ends the wait
	 */
	public LockWaiter(LockStrategy strategy, Duration timeout, Duration pollInterval, Duration reportInterval,
			StopSignal signal) {
		this.strategy = strategy;
		this.timeout = timeout;
		this.pollInterval = Backoff.shorter(pollInterval, LONGEST_PAUSE);
		this.reportInterval = reportInterval;
		this.signal = signal;
	}

	/**
	 * Wait until the lock is held, or is not needed any more.
	 * @param nothingPending asked before every try but the first: whether others have
	 * applied everything meanwhile
	 * @param holder is told who holds the lock after the first try, and then as often as
	 * it is logged
	 * @return the lock, or empty if nothing is pending any more
	 * @throws LockTimeoutException if the timeout has passed
	 * @throws InterruptedMigrationException if the signal was given, or if the thread was
	 * interrupted; its flag stays set
	 * @throws DatabaseAccessException if the timeout has passed without an answer
	 * @throws SQLException if the server can't be asked
	 */
	public Optional<MigrationLock> await(BooleanSupplier nothingPending, Consumer<LockHolder> holder)
			throws SQLException {
		return new Wait(nothingPending, holder).await();
	}

	private void cancel() throws SQLException {
		if (this.strategy instanceof BlockingStrategy blocking) {
			blocking.cancel();
		}
	}

	/**
	 * One wait.
	 */
	private final class Wait {

		private final BooleanSupplier nothingPending;

		private final Consumer<LockHolder> listener;

		private final ElapsedTime time = new ElapsedTime();

		private Backoff backoff = new Backoff(LockWaiter.this.pollInterval, 1.5, LONGEST_PAUSE);

		private boolean listening;

		private Duration nextReport = LockWaiter.this.reportInterval;

		Wait(BooleanSupplier nothingPending, Consumer<LockHolder> listener) {
			this.nothingPending = nothingPending;
			this.listener = listener;
		}

		Optional<MigrationLock> await() throws SQLException {
			Optional<MigrationLock> first = ask(() -> LockWaiter.this.strategy.tryAcquire(Duration.ZERO));
			if (first.isPresent()) {
				return first;
			}
			askHolder();
			this.listening = LockWaiter.this.strategy instanceof WakingStrategy waking && waking.listen();
			// It may have been released before the server was asked to say so.
			Duration blocked = this.listening ? this.backoff.peek() : Duration.ZERO;
			while (true) {
				pause(blocked);
				if (ask(this.nothingPending::getAsBoolean)) {
					return Optional.empty();
				}
				Duration before = waited();
				Duration patience = Backoff.shorter(LONGEST_PAUSE, LockWaiter.this.timeout.minus(before));
				Optional<MigrationLock> lock = ask(() -> LockWaiter.this.strategy.tryAcquire(patience));
				if (lock.isPresent()) {
					return lock;
				}
				Duration waited = waited();
				blocked = waited.minus(before);
				if (waited.compareTo(LockWaiter.this.timeout) >= 0) {
					throw timedOut(askHolder());
				}
				if (waited.compareTo(this.nextReport) >= 0) {
					report(waited);
				}
			}
		}

		/**
		 * Ask the server, which may make us wait, until the signal is given at most.
		 */
		private <T> T ask(Question<T> question) throws SQLException {
			UnansweredQuestion watch = null;
			try {
				watch = watch(LockWaiter.this.signal.beginWait(LockWaiter.this::cancel));
				return question.ask();
			}
			catch (SQLException | MigrationException ex) {
				if (LockWaiter.this.signal.isStopped()) {
					throw stopped(ex);
				}
				if (watch != null && watch.isGivenUp()) {
					throw unanswered(ex);
				}
				throw ex;
			}
			finally {
				if (watch != null) {
					watch.end();
				}
				LockWaiter.this.signal.end();
			}
		}

		private @Nullable UnansweredQuestion watch(Execution question) {
			boolean needed = LockWaiter.this.strategy instanceof BlockingStrategy blocking
					&& blocking.mayStayUnanswered();
			return needed ? new UnansweredQuestion(question, this.time, LockWaiter.this.timeout,
					LockWaiter.this.reportInterval) : null;
		}

		private DatabaseAccessException unanswered(Exception ex) {
			return new DatabaseAccessException(
					"The connection pooler had no connection to the server for us within %s (migrate.lock.timeout), so the"
						.formatted(ElapsedTime.seconds(waited())) + " migration lock could not be asked for. Lock: "
							+ LockWaiter.this.strategy.describe() + ".",
					"See whether others use up the pooler's connections to the server for this database and user"
							+ " (PgBouncer: SHOW POOLS, SHOW SERVERS), end them or raise its pool size, then start again."
							+ " This instance has applied nothing since it began to wait.",
					ex);
		}

		/**
		 * Pause, less the time that the last try has waited in the server.
		 */
		private void pause(Duration blocked) throws SQLException {
			Duration jittered = this.backoff.next();
			Duration left = LockWaiter.this.timeout.minus(waited());
			if (this.listening) {
				Duration next = Backoff.shorter(LISTENING_PAUSE, LockWaiter.this.reportInterval);
				this.backoff = new Backoff(next, 1, next);
			}
			try {
				if (!sleep(Backoff.shorter(jittered.minus(blocked), left))) {
					throw stopped(null);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw interrupted(ex);
			}
		}

		private boolean sleep(Duration duration) throws InterruptedException, SQLException {
			return (this.listening && LockWaiter.this.strategy instanceof WakingStrategy waking)
					? waking.pause(duration, LockWaiter.this.signal) : LockWaiter.this.signal.pause(duration);
		}

		private void report(Duration waited) {
			LockHolder holder = askHolder();
			this.nextReport = waited.plus(LockWaiter.this.reportInterval);
			String ifDead = (holder != null && LockWaiter.this.strategy instanceof HolderAdvice advice)
					? advice.whatIfDead(holder) : "";
			logger.info("Waiting for the migration lock for {}: held by {}{}", ElapsedTime.seconds(waited),
					describe(holder), ifDead.isEmpty() ? "" : ". " + ifDead);
		}

		private @Nullable LockHolder askHolder() {
			try {
				LockHolder holder = ask(LockWaiter.this.strategy::holder).orElse(null);
				if (holder != null) {
					this.listener.accept(holder);
				}
				return holder;
			}
			catch (SQLException ex) {
				// The next try will say what is wrong with the connection.
				logger.debug("The holder of the lock could not be asked for", ex);
				return null;
			}
		}

		private LockTimeoutException timedOut(@Nullable LockHolder holder) {
			String remedy = (holder != null && LockWaiter.this.strategy instanceof HolderAdvice advice)
					? advice.howToEnd(holder) : "end its process";
			return new LockTimeoutException(
					FailureText
						.of("The migration lock was not free within %s (migrate.lock.timeout): it is held by "
							.formatted(ElapsedTime.seconds(waited())))
						.and(new FailureText(describe(holder),
								describe((holder != null) ? holder.withoutStatement() : null)))
						.and(". Lock: %s.".formatted(LockWaiter.this.strategy.describe())),
					"This instance has applied nothing since it began to wait. Nothing has to be unlocked: the lock ends with the session "
							+ "that holds it. If that instance is still migrating, start again later or raise "
							+ "migrate.lock.timeout; if it is really stuck, %s.".formatted(remedy),
					null);
		}

		private InterruptedMigrationException stopped(@Nullable Exception ex) {
			return new InterruptedMigrationException(
					FailureText
						.of("Waiting for the migration lock ended after %s because the application is shutting down. "
							.formatted(ElapsedTime.seconds(waited()))
								+ "This instance has applied nothing since it began to wait."),
					"Start again; what is pending will be applied then.", ex);
		}

		private InterruptedMigrationException interrupted(InterruptedException ex) {
			return new InterruptedMigrationException(
					"Waiting for the migration lock was interrupted after %s, usually because the application is "
						.formatted(ElapsedTime.seconds(waited())) + "being stopped. This instance has applied nothing "
							+ "since it began to wait.",
					"Start again; what is pending will be applied then.", ex);
		}

		private Duration waited() {
			return this.time.get();
		}

		private static String describe(@Nullable LockHolder holder) {
			return (holder != null) ? holder.describe() : "an instance that the server does not name";
		}

	}

	/**
	 * What a waiter asks the server.
	 */
	@FunctionalInterface
	private interface Question<T> {

		T ask() throws SQLException;

	}

}
