package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.database.Blocker;
import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.ErrorCode;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.lock.Backoff;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.StatementSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one migration. The pauses between them grow to ten seconds and differ at
 * random. The lock is kept meanwhile, so a pause is broken by a sign of life before the
 * server takes the session for dead.
 */
public final class RetryAttempts {

	private static final Logger logger = LoggerFactory.getLogger(RetryAttempts.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

	/**
	 * How many times the lock timeout what is to be repeated may have worked before it
	 * met a lock at its end.
	 */
	private static final int MOST_WORK = 20;

	private static final Duration WORK_FOR_SURE = Duration.ofSeconds(15);

	private static final FailureText NOTHING = FailureText.of("");

	private final RetryPolicy retries;

	private final StatementSettings settings;

	private final Migration migration;

	private final Backoff backoff = new Backoff(FIRST_PAUSE, 2, LONGEST_PAUSE);

	private final ElapsedTime time = new ElapsedTime();

	private final FuseTrips trips;

	private ElapsedTime tryTime = new ElapsedTime();

	private int tries;

	private @Nullable FailureText obstacle;

	private List<Blocker> blockers = List.of();

	public RetryAttempts(RetryPolicy retries, Migration migration) {
		this.retries = retries;
		this.settings = retries.settings();
		this.migration = migration;
		this.trips = new FuseTrips(retries.fuse(), this.settings.blocking());
	}

	/**
	 * Begin the next try.
	 */
	public void begin() {
		this.tries++;
		this.tryTime = new ElapsedTime();
		this.retries.watch().begin();
		this.retries.fuse().begin();
	}

	/**
	 * End a try, however it went.
	 */
	public void end() {
		this.retries.watch().end();
		this.retries.fuse().end();
	}

	/**
	 * Return whether the try was ended because it blocked others, or the error is a lock
	 * timeout or a deadlock, and the migration may be retried as far as the number of
	 * retries goes.
	 */
	public boolean areLeft(SQLException error) {
		return areLeft(error, this.tryTime.get());
	}

	/**
	 * Return the same where not all of the try is to be repeated.
	 * @param worked how long that part has worked and waited
	 */
	public boolean areLeft(SQLException error, Duration worked) {
		if (this.trips.note(this.tries)) {
			end();
			return isTriedAgain();
		}
		if (!this.retries.isConflict(error)) {
			return false;
		}
		end();
		this.blockers = this.retries.watch().seen();
		if (this.retries.database().errors().isLockTimeout(error) && worked.compareTo(mostWork()) > 0) {
			// A rebuild that wants the table for itself at its end
			prevent(FailureText.of("it had worked for " + ElapsedTime.seconds(worked)
					+ " when it found a lock in its way, and would have to do all of that again"));
			return false;
		}
		return this.tries <= this.settings.retries();
	}

	private Duration mostWork() {
		Duration most = this.settings.lockTimeout().multipliedBy(MOST_WORK);
		return (most.compareTo(WORK_FOR_SURE) > 0) ? most : WORK_FOR_SURE;
	}

	/**
	 * Note why the migration can't be tried again.
	 * @param obstacle a clause
	 */
	public void prevent(FailureText obstacle) {
		this.obstacle = obstacle;
	}

	/**
	 * Wait until it is time for the next try.
	 * @param beat shows the server that the session lives
	 * @param next what the next start does if the pause is interrupted
	 */
	public void pause(SQLException error, SqlAction beat, String next) throws SQLException {
		Duration jittered = this.trips.pause(this.backoff.next());
		this.retries.counted();
		SQLException answer = SqlErrors.serverError(error);
		String what = SqlErrors.describe(answer).replaceAll("\\s+", " ");
		if (this.trips.isLast()) {
			logger.warn("{}: rolled back: {}. {}Retrying in {} (retry {} of {})", this.migration, what,
					this.trips.explain().full(), ElapsedTime.seconds(jittered), this.tries, this.settings.retries());
		}
		else if (this.retries.database().errors().isLockTimeout(error)) {
			logger.warn("{}: lock timeout after {}: {}. {}Retrying in {} (retry {} of {})", this.migration,
					ElapsedTime.seconds(this.settings.lockTimeout()), what, blocked().full(),
					ElapsedTime.seconds(jittered), this.tries, this.settings.retries());
		}
		else {
			logger.info("{}: conflict with others: {}. {}Retrying in {} (retry {} of {})", this.migration, what,
					blocked().full(), ElapsedTime.seconds(jittered), this.tries, this.settings.retries());
		}
		try {
			if (!sleep(jittered, LONGEST_SILENCE, beat, this.retries.signal())) {
				throw ended("The application is shutting down, so " + this.migration + " is not tried again",
						new FailureText(what, ErrorCode.of(answer)), next, null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ended("The pause before " + this.migration
					+ " was to be tried again was interrupted, usually because the application is being stopped",
					new FailureText(what, ErrorCode.of(answer)), next, ex);
		}
	}

	private InterruptedMigrationException ended(String how, FailureText what, String next,
			@Nullable InterruptedException ex) {
		return new InterruptedMigrationException(
				FailureText.of(how + (this.trips.isLast() ? ". It had kept others waiting and was rolled back: "
						: ". It had lost a lock or a conflict to others: "))
					.and(what)
					.and(". ")
					.and(blocked()),
				"Start again: " + next, ex);
	}

	/**
	 * Pause, until the signal is given at most.
	 * @return whether to go on
	 */
	public static boolean sleep(Duration pause, Duration longestSilence, SqlAction beat, StopSignal signal)
			throws InterruptedException, SQLException {
		Duration left = pause;
		while (true) {
			if (!signal.pause(Backoff.shorter(left, longestSilence))) {
				return false;
			}
			left = left.minus(longestSilence);
			if (left.isNegative() || left.isZero()) {
				return true;
			}
			beat.run();
		}
	}

	/**
	 * Say in sentences what the error has to do with the limits for statements; empty if
	 * nothing.
	 */
	public FailureText explain(SQLException error) {
		if (this.trips.isLast()) {
			return tried("").and(this.trips.explain());
		}
		Duration timeout = this.settings.timeout();
		if (timeout != null && this.retries.isTimeout(error)) {
			return FailureText.of("It was ended because it ran for longer than migrate.statement.timeout ("
					+ ElapsedTime.seconds(timeout) + "). ");
		}
		if (!this.retries.isConflict(error)) {
			return NOTHING;
		}
		return tried(this.retries.database().errors().isLockTimeout(error) ? ", waiting at most "
				+ ElapsedTime.seconds(this.settings.lockTimeout()) + " for each lock (migrate.statement.lock-timeout)"
				: "")
			.and(blocked());
	}

	private FailureText tried(String how) {
		String tried = (this.tries == 1) ? "It was tried once"
				: "It was tried " + this.tries + " times in " + ElapsedTime.seconds(this.time.get());
		FailureText why = (this.obstacle != null)
				? FailureText.of("; it was not tried again, because ").and(this.obstacle) : NOTHING;
		return FailureText.of(tried + how).and(why).and(". ");
	}

	/**
	 * Return the reason of a failure as it is journalled.
	 */
	public String journalled(String reason) {
		return (this.trips.note(this.tries) && !isTriedAgain()) ? this.trips.journalled(reason) : reason;
	}

	/**
	 * Return whether the fuse leaves another try.
	 */
	private boolean isTriedAgain() {
		return this.trips.isAnotherTryLeft() && this.tries <= this.settings.retries();
	}

	/**
	 * Say what is to be done now.
	 * @param fix what is to be done if the statement itself is wrong
	 */
	public String remedy(SQLException error, String fix) {
		if (this.trips.isLast()) {
			return this.trips.remedy();
		}
		if (this.retries.isTimeout(error)) {
			return "Raise migrate.statement.timeout, or make the statement faster";
		}
		if (!this.retries.isConflict(error)) {
			return fix;
		}
		String ends = this.blockers.stream()
			.filter(Blocker::certain)
			.map(Blocker::end)
			.distinct()
			.collect(Collectors.joining("; "));
		String wait = "Wait until nobody is in the way any more"
				+ (ends.isEmpty() ? "" : ", or end what is with " + ends);
		return this.retries.database().errors().isLockTimeout(error)
				? wait + ", or raise migrate.statement.retries or migrate.statement.lock-timeout" : wait;
	}

	private FailureText blocked() {
		if (this.blockers.isEmpty()) {
			return NOTHING;
		}
		boolean certain = this.blockers.stream().allMatch(Blocker::certain);
		return FailureText.of(certain ? "Blocked by " : "Perhaps blocked by ")
			.and(new FailureText(describe(this.blockers.stream()),
					describe(this.blockers.stream().map(Blocker::withoutStatement))))
			.and(". ");
	}

	private static String describe(Stream<Blocker> blockers) {
		return blockers.map(Blocker::describe).collect(Collectors.joining("; "));
	}

}
