package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.Causes;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.lock.Backoff;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a database that is not up yet or cannot be written to yet.
 *
 * @param timeout how long to wait at most; zero not to wait
 * @param reportInterval how often to log what is waited for
 * @param signal ends the wait
 */
record DatabaseWait(Duration timeout, Duration reportInterval, StopSignal signal) {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseWait.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	/**
	 * Try until the database is ready.
	 * @param attempt what needs the database
	 */
	<T> T untilReady(Supplier<T> attempt) {
		ElapsedTime time = new ElapsedTime();
		Backoff backoff = new Backoff(FIRST_PAUSE, 1.5, LONGEST_PAUSE);
		Duration nextReport = Duration.ZERO;
		while (true) {
			try {
				return attempt.get();
			}
			catch (RuntimeException ex) {
				if (this.timeout.isZero() || !mayPass(ex)) {
					throw ex;
				}
				Duration waited = time.get();
				Duration left = this.timeout.minus(waited);
				if (left.isNegative() || left.isZero()) {
					throw timedOut(ex);
				}
				if (waited.compareTo(nextReport) >= 0) {
					nextReport = waited.plus(this.reportInterval);
					logger.info("Waiting for the database for {} s more at most: {}", left.toSeconds(), describe(ex));
				}
				sleep(Backoff.shorter(backoff.next(), left));
			}
		}
	}

	private static boolean mayPass(RuntimeException failure) {
		if (failure instanceof ReadOnlyDatabaseException) {
			return true;
		}
		boolean unreachable = false;
		for (Throwable cause : Causes.of(failure)) {
			if (cause instanceof SQLException error) {
				if (isRefused(error)) {
					return false;
				}
				unreachable |= SqlErrors.isConnectionLost(error) || SqlErrors.isOutOfConnections(error)
						|| error instanceof SQLTransientConnectionException;
			}
		}
		return unreachable;
	}

	/**
	 * Return whether the server has answered and knows the user or the database not.
	 */
	private static boolean isRefused(SQLException error) {
		String state = error.getSQLState();
		return state != null && (state.startsWith("28") || state.startsWith("3D"));
	}

	private static String describe(RuntimeException failure) {
		return (failure instanceof MigrationException explained) ? explained.getDescription() : failure.toString();
	}

	private DatabaseAccessException timedOut(RuntimeException failure) {
		String action = (failure instanceof MigrationException explained) ? explained.getAction()
				: "See whether the database is up and reachable from this host, then start again.";
		FailureText last = (failure instanceof MigrationException explained) ? explained.text()
				: new FailureText(failure.toString(), "It failed with " + failure.getClass().getName() + ".");
		return new DatabaseAccessException(FailureText
			.of("The database was not ready within " + this.timeout.toSeconds() + " s (migrate.connect-timeout). ")
			.and(last), action, failure);
	}

	private void sleep(Duration pause) {
		try {
			if (!this.signal.pause(pause)) {
				throw ended("ended because the application is shutting down", null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ended("was interrupted, usually because the application is being stopped", ex);
		}
	}

	private static InterruptedMigrationException ended(String how, @Nullable InterruptedException ex) {
		return new InterruptedMigrationException(
				"Waiting for the database " + how + ". Nothing was applied in this run.", "Start again.", ex);
	}

}
