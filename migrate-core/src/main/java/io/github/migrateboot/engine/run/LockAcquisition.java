package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.lock.BlockingStrategy;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockWaiter;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.LockSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's wait for the lock, over however many connections: who only waits has nothing to
 * lose, so when the connection is lost, or the server restarted, the run begins anew and
 * goes on waiting. All of it together takes the lock's timeout at most.
 */
final class LockAcquisition {

	private static final Logger logger = LoggerFactory.getLogger(LockAcquisition.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** A poll may make the server wait for a second. */
	private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(3);

	private final LockSettings settings;

	private final Duration connectTimeout;

	private final StopSignal signal;

	private @Nullable ElapsedTime time;

	private boolean waiting;

	private boolean moved;

	private Duration waited = Duration.ZERO;

	/**
	 * Create an acquisition.
	 * @param settings how long to wait
	 * @param connectTimeout how long to wait for a further connection that the lock needs
	 * @param signal ends a wait
	 */
	LockAcquisition(LockSettings settings, Duration connectTimeout, StopSignal signal) {
		this.settings = settings;
		this.connectTimeout = connectTimeout;
		this.signal = signal;
	}

	/**
	 * Return how long the lock was waited for.
	 */
	Duration waited() {
		return this.waited;
	}

	Optional<MigrationLock> await(LockStrategy strategy, MigrationSession session, BooleanSupplier nothingPending,
			Consumer<LockHolder> holder) throws SQLException {
		if (this.time == null) {
			this.time = new ElapsedTime();
		}
		this.waiting = true;
		boolean limited = !session.borrowed() && !(strategy instanceof BlockingStrategy slow && !slow.answersInTime());
		if (limited) {
			SideConnection.limit(session.connection(), longestAnswer());
		}
		Optional<MigrationLock> lock = new LockWaiter(strategy, left(), this.settings.pollInterval(),
				this.settings.reportInterval(), this.signal)
			.await(nothingPending, holder);
		if (limited) {
			SideConnection.limit(session.connection(), Duration.ZERO);
		}
		this.waiting = false;
		this.waited = elapsed();
		return lock;
	}

	/**
	 * Go on after a failure if it is one of the connection while the lock was waited for.
	 * @throws DatabaseAccessException the failure otherwise
	 */
	void reconnectAfter(DatabaseAccessException failure) {
		if (!this.waiting || !mayPass(failure)) {
			throw failure;
		}
		if (left().compareTo(PAUSE) <= 0) {
			throw new DatabaseAccessException(FailureText
				.of("The connection was lost while the migration lock was waited for, and there was no other one"
						+ " for the rest of %s (migrate.lock.timeout). "
							.formatted(ElapsedTime.seconds(this.settings.timeout())))
				.and(failure.text()),
					failure.getAction() + " This instance has applied nothing since it began to wait.", failure);
		}
		logger.warn("No connection while waiting for the migration lock, for {} by now; connecting again. {}",
				ElapsedTime.seconds(elapsed()), failure.getDescription());
		pause();
	}

	/**
	 * Go on with a run whose history turned out to be elsewhere.
	 */
	void startOver(HistoryMovedException reason) {
		logger.info("{}; starting over", reason.getMessage());
		this.moved = true;
	}

	/**
	 * Return whether what was seen before the lock was waited for is not to be relied
	 * upon.
	 */
	boolean hasMoved() {
		return this.moved;
	}

	private void pause() {
		try {
			if (!this.signal.pause(PAUSE)) {
				throw ended(null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ended(ex);
		}
	}

	private InterruptedMigrationException ended(@Nullable InterruptedException ex) {
		return new InterruptedMigrationException(
				"Waiting for the migration lock ended after %s because the application is shutting down. ".formatted(
						ElapsedTime.seconds(elapsed())) + "This instance has applied nothing since it began to wait.",
				"Start again; what is pending will be applied then.", ex);
	}

	private boolean mayPass(DatabaseAccessException failure) {
		if (!(failure.getCause() instanceof SQLException error)) {
			return false;
		}
		if (SqlErrors.isOutOfConnections(error)) {
			return elapsed().compareTo(this.connectTimeout) < 0;
		}
		return error instanceof SQLTransientConnectionException || SqlErrors.isConnectionLost(error);
	}

	private Duration longestAnswer() {
		Duration two = this.settings.reportInterval().multipliedBy(2);
		return (two.compareTo(SHORTEST_ANSWER) < 0) ? SHORTEST_ANSWER : two;
	}

	private Duration left() {
		Duration left = this.settings.timeout().minus(elapsed());
		return (left.compareTo(Duration.ofMillis(1)) < 0) ? Duration.ofMillis(1) : left;
	}

	private Duration elapsed() {
		return (this.time != null) ? this.time.get() : Duration.ZERO;
	}

}
