package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.HistoryWait;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.DatabaseNotReadyException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryBusyException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.lock.Backoff;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until others have applied everything. Changes nothing, takes no lock and uses the
 * application's connections only, one query at a time.
 */
final class AwaitOthers {

	private static final Logger logger = LoggerFactory.getLogger(AwaitOthers.class);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	private final MigrationConnections connections;

	private final LockSettings settings;

	private final StatusPublisher status;

	private final StopSignal signal;

	private final PendingCheck look;

	/** This wait looks again and again anyway. */
	private final ReadGuard guard;

	private final ElapsedTime time = new ElapsedTime();

	private final Backoff backoff;

	private Duration nextReport;

	private @Nullable MigrationException unreachable;

	/**
	 * Create a wait.
	 * @param connections where connections come from
	 * @param settings how long to wait
	 * @param status where to say that this instance waits
	 * @param signal ends the wait
	 * @param look what was seen first
	 */
	AwaitOthers(MigrationConnections connections, LockSettings settings, StatusPublisher status, StopSignal signal,
			PendingCheck look) {
		this.connections = connections;
		this.settings = settings;
		this.status = status;
		this.signal = signal;
		this.guard = HistoryWait.of(settings, signal).briefly();
		this.look = look;
		this.backoff = new Backoff(settings.pollInterval(), 1.5, LONGEST_PAUSE);
		this.nextReport = settings.reportInterval();
	}

	/**
	 * Wait until everything is applied.
	 * @param first the history now
	 * @return the history then
	 */
	HistorySnapshot await(HistorySnapshot first) {
		HistoryComparison comparison = new HistoryComparison(this.look.files(), first);
		int all = this.look.files().size();
		if (!comparison.pending().isEmpty()) {
			logger.info("Waiting until others have applied {} of {} migrations, because migrate.mode is wait",
					comparison.pending().size(), all);
		}
		while (!comparison.pending().isEmpty()) {
			this.status.waiting(null);
			this.status.pending(comparison.pending().size());
			Duration waited = this.time.get();
			if (waited.compareTo(this.settings.timeout()) >= 0) {
				throw timedOut(comparison);
			}
			if (waited.compareTo(this.nextReport) >= 0) {
				this.nextReport = waited.plus(this.settings.reportInterval());
				logger.info("Waiting for {} until others have applied {} of {} migrations: {}{}", seconds(),
						comparison.pending().size(), all, comparison.describePending(), unreachable().full());
			}
			pause(this.settings.timeout().minus(waited));
			comparison = lookAgain(comparison);
		}
		logger.info("Everything is applied to {}: {} migrations{}", this.look.database().displayName(), all,
				(this.look.pending().isEmpty()) ? "" : ", after a wait of " + seconds());
		return comparison.history();
	}

	/**
	 * A database that cannot be reached for a while does not end the wait.
	 */
	private HistoryComparison lookAgain(HistoryComparison last) {
		try {
			HistoryComparison comparison = new HistoryComparison(this.look.files(),
					this.look.read(this.connections, this.guard));
			this.unreachable = null;
			return comparison;
		}
		catch (DatabaseAccessException | HistoryBusyException ex) {
			logger.debug("The history could not be read", ex);
			this.unreachable = ex;
			return last;
		}
	}

	private void pause(Duration left) {
		Duration pause = Backoff.shorter(this.backoff.next(), left);
		try {
			if (!this.signal.pause(Duration.ofMillis(Math.max(1, pause.toMillis())))) {
				throw ended("ended after " + seconds() + " because the application is shutting down", null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ended("was interrupted after " + seconds() + ", usually because the application is being stopped",
					ex);
		}
	}

	private static InterruptedMigrationException ended(String how, @Nullable InterruptedException ex) {
		return new InterruptedMigrationException(
				"Waiting until others have applied what is pending " + how + ". This instance changes nothing.",
				"Start again; it will wait again if need be.", ex);
	}

	private DatabaseNotReadyException timedOut(HistoryComparison comparison) {
		return new DatabaseNotReadyException(
				FailureText.of("Others have not applied everything within " + seconds()
						+ " (migrate.lock.timeout), and migrate.mode is wait: " + comparison.pending().size() + " of "
						+ this.look.files().size() + " migrations are pending: " + comparison.describePending())
					.and(unreachable())
					.and(". This instance has changed nothing."),
				"See whether the instance or job that is to apply them runs, and what its log says. If they only take"
						+ " longer, raise migrate.lock.timeout.",
				this.unreachable);
	}

	private FailureText unreachable() {
		if (this.unreachable == null) {
			return FailureText.of("");
		}
		FailureText why = (this.unreachable.getCause() instanceof SQLException error) ? SqlErrors.text(error)
				: new FailureText(String.valueOf(this.unreachable.getMessage()), this.unreachable.getSummary());
		return FailureText.of("; the database could not be asked last: ").and(why);
	}

	private String seconds() {
		return ElapsedTime.seconds(this.time.get());
	}

}
