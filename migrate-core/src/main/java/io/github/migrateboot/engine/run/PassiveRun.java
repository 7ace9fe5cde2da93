package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import io.github.migrateboot.connection.BorrowedConnection;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.connection.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.plan.ChecksumValidator;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.DatabaseNotReadyException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.history.HistoryReader;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that changes nothing: it looks once, or again and again until others have applied
 * everything. It takes no lock and uses the application's connections only, one query at
 * a time.
 *
 * @param connections where connections come from
 * @param settings how to work
 * @param board where to say what is being done
 * @param signal ends a wait
 * @param look what was seen first
 */
record PassiveRun(MigrationConnections connections, MigratorSettings settings, StatusPublisher board, StopSignal signal,
		PendingCheck look) {

	private static final Logger logger = LoggerFactory.getLogger(PassiveRun.class);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	/**
	 * Fail if the database does not have exactly what the files say.
	 * @return the history
	 */
	HistorySnapshot validate() {
		HistoryComparison comparison = new HistoryComparison(this.look.files(), history());
		List<MigrationFile> pending = comparison.pending();
		List<MigrationFile> changed = (this.settings.checksum() != ChecksumPolicy.IGNORE)
				? new ChecksumValidator(this.settings.checksum(), this.look.files()).changed(comparison.history())
				: List.of();
		List<String> ahead = comparison.ahead();
		List<String> problems = new ArrayList<>();
		List<String> remedies = new ArrayList<>();
		if (!pending.isEmpty()) {
			problems.add(pending.size() + " of " + this.look.files().size() + " are pending: "
					+ comparison.describePending());
			remedies
				.add("Apply what is pending with an instance or a job whose migrate.mode is apply or apply-and-exit,"
						+ " or with dbmate, before this one starts.");
		}
		if (!changed.isEmpty()) {
			problems.add("changed after being applied: "
					+ HistoryComparison.few(changed.stream().map(MigrationFile::name).toList()));
			remedies.add("Put a changed file back as it was and write the change as a new migration.");
		}
		if (!ahead.isEmpty()) {
			problems.add("applied without a file here: " + HistoryComparison.few(ahead));
			remedies.add("Start the version of the application that has those files, or set migrate.mode to wait, which"
					+ " accepts a database that is ahead.");
		}
		if (!problems.isEmpty()) {
			throw new DatabaseNotReadyException(
					"The database does not have exactly the migrations of this application, and migrate.mode is"
							+ " validate: " + String.join("; ", problems) + ". Nothing was changed.",
					String.join(" ", remedies));
		}
		logger.info("Valid: exactly the {} migrations are applied to {}", this.look.files().size(),
				this.look.database().displayName());
		return comparison.history();
	}

	/**
	 * Wait until everything is applied.
	 * @return the history then
	 */
	HistorySnapshot await() {
		return new Wait().await();
	}

	private HistorySnapshot history() {
		HistorySnapshot history = this.look.history();
		try {
			return (history != null) ? history : read();
		}
		catch (SQLException ex) {
			throw SqlErrors.access("reading the history", ex);
		}
	}

	private HistorySnapshot read() throws SQLException {
		try (BorrowedConnection borrowed = BorrowedConnection.from(this.connections)) {
			TableName table = this.look.database().resolve(this.look.table(), borrowed.connection());
			try {
				return new HistoryReader(this.look.database(), table).read(borrowed.connection()).orElseThrow();
			}
			catch (SQLException ex) {
				if (SqlErrors.isConnectionLost(ex)) {
					throw ex;
				}
				throw SqlErrors.history("read", this.look.database(), table, ex);
			}
		}
	}

	/**
	 * One wait.
	 */
	private final class Wait {

		private final LockSettings settings = settings().lock();

		private final RandomGenerator random = new SplittableRandom();

		private final long start = System.nanoTime();

		private Duration pause = shorter(this.settings.pollInterval(), LONGEST_PAUSE);

		private Duration nextReport = this.settings.reportInterval();

		private @Nullable SQLException unreachable;

		HistorySnapshot await() {
			HistoryComparison comparison = new HistoryComparison(look().files(), history());
			int all = look().files().size();
			if (!comparison.pending().isEmpty()) {
				logger.info("Waiting until others have applied {} of {} migrations, because migrate.mode is wait",
						comparison.pending().size(), all);
			}
			while (!comparison.pending().isEmpty()) {
				board().waiting(null);
				board().pending(comparison.pending().size());
				if (waited().compareTo(this.settings.timeout()) >= 0) {
					throw timedOut(comparison);
				}
				if (waited().compareTo(this.nextReport) >= 0) {
					this.nextReport = waited().plus(this.settings.reportInterval());
					logger.info("Waiting for {} until others have applied {} of {} migrations: {}{}", seconds(),
							comparison.pending().size(), all, comparison.describePending(), unreachable());
				}
				pause();
				comparison = lookAgain(comparison);
			}
			logger.info("Everything is applied to {}: {} migrations{}", look().database().displayName(), all,
					(look().pending().isEmpty()) ? "" : ", after a wait of " + seconds());
			return comparison.history();
		}

		/**
		 * A database that cannot be reached for a while does not end the wait.
		 */
		private HistoryComparison lookAgain(HistoryComparison last) {
			try {
				HistoryComparison comparison = new HistoryComparison(look().files(), read());
				this.unreachable = null;
				return comparison;
			}
			catch (SQLException ex) {
				logger.debug("The history could not be read", ex);
				this.unreachable = ex;
				return last;
			}
		}

		private void pause() {
			Duration left = this.settings.timeout().minus(waited());
			double share = 0.5 + this.random.nextDouble() / 2;
			Duration jittered = Duration.ofNanos((long) (this.pause.toNanos() * share));
			this.pause = shorter(this.pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE);
			try {
				if (!signal().pause(Duration.ofMillis(Math.max(1, shorter(jittered, left).toMillis())))) {
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
					"Others have not applied everything within " + seconds()
							+ " (migrate.lock.timeout), and migrate.mode" + " is wait: " + comparison.pending().size()
							+ " of " + look().files().size() + " migrations are pending: "
							+ comparison.describePending() + unreachable() + ". This instance has changed nothing.",
					"See whether the instance or job that is to apply them runs, and what its log says. If they only take"
							+ " longer, raise migrate.lock.timeout.",
					this.unreachable);
		}

		private String unreachable() {
			return (this.unreachable != null)
					? "; the database could not be asked last: " + SqlErrors.describe(this.unreachable) : "";
		}

		private Duration waited() {
			return Duration.ofNanos(System.nanoTime() - this.start);
		}

		private String seconds() {
			return String.format(Locale.ROOT, "%.1f s", waited().toMillis() / 1000.0);
		}

		private static Duration shorter(Duration one, Duration other) {
			return (one.compareTo(other) <= 0) ? one : other;
		}

	}

}
