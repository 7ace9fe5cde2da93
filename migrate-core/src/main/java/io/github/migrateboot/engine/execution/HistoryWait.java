package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.DatabaseErrors;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryBusyException;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.lock.Backoff;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.LockSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits while the history can't be read because somebody else keeps it locked or is
 * writing, whether the database says so or just doesn't answer. Says for what it waits,
 * and ends with a limit or with the signal to stop.
 *
 * @param limit how long to wait at most
 * @param reportInterval how often to log what is waited for
 * @param signal ends a wait
 * @param setting where the limit comes from, for messages; empty if a busy answer need
 * not be waited for
 */
public record HistoryWait(Duration limit, Duration reportInterval, StopSignal signal,
		String setting) implements ReadGuard {

	private static final Logger logger = LoggerFactory.getLogger(HistoryWait.class);

	private static final Duration A_MOMENT = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	/**
	 * Return the wait of a run.
	 */
	public static HistoryWait of(LockSettings settings, StopSignal signal) {
		return new HistoryWait(settings.timeout(), settings.reportInterval(), signal, "migrate.lock.timeout");
	}

	/**
	 * Return a wait for who must answer soon.
	 */
	public static HistoryWait atMost(Duration limit) {
		return new HistoryWait(limit, limit, new StopSignal(), "");
	}

	@Override
	public ReadGuard briefly() {
		return new HistoryWait(A_MOMENT, A_MOMENT, this.signal, "");
	}

	@Override
	public <T> T read(Database database, TableName table, Connection connection, Query<T> query) throws SQLException {
		ElapsedTime time = new ElapsedTime();
		Backoff backoff = new Backoff(Duration.ofMillis(50), 1.5, LONGEST_PAUSE);
		HistoryWaitReport report = new HistoryWaitReport(table, reason(database), time,
				this.setting.isEmpty() ? null : this.reportInterval);
		while (true) {
			ReadWatch watch = null;
			try (Statement statement = connection.createStatement()) {
				watch = new ReadWatch(statement, left(time), this.signal, report);
				return query.read(statement);
			}
			catch (SQLException ex) {
				boolean ended = watch != null && watch.end();
				if (ended && this.signal.isStopped()) {
					throw stopped(table, time, ex);
				}
				if (ended || (isBusy(database.errors(), ex) && (this.setting.isEmpty() || isOver(time)))) {
					throw busy(database, table, time, ex);
				}
				if (!isBusy(database.errors(), ex) || !connection.getAutoCommit()) {
					throw ex;
				}
				report.tell();
				pause(Backoff.shorter(backoff.next(), left(time)), table, time, ex);
			}
			finally {
				if (watch != null) {
					watch.end();
				}
			}
		}
	}

	private static String reason(Database database) {
		return database.isPooled()
				? "the connection pooler has no connection to the server for us (PgBouncer: SHOW POOLS), or another session"
						+ " keeps it locked"
				: "another session keeps it locked, or is writing to the database";
	}

	/**
	 * The read itself takes no time, so it's others too if it takes longer than may be.
	 */
	private static boolean isBusy(DatabaseErrors errors, SQLException error) {
		return errors.isLockTimeout(error) || errors.isDeadlock(error) || errors.isTimeLimit(error);
	}

	private Duration left(ElapsedTime time) {
		Duration left = this.limit.minus(time.get());
		return left.isNegative() ? Duration.ZERO : left;
	}

	private boolean isOver(ElapsedTime time) {
		return left(time).isZero();
	}

	private void pause(Duration pause, TableName table, ElapsedTime time, SQLException error) {
		try {
			if (!this.signal.pause(pause)) {
				throw stopped(table, time, error);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw stopped(table, time, ex);
		}
	}

	private static InterruptedMigrationException stopped(TableName table, ElapsedTime time, @Nullable Exception cause) {
		return new InterruptedMigrationException(
				FailureText.of("Waiting for the history table " + table
						+ ", which another session keeps locked or writes to, ended after "
						+ ElapsedTime.seconds(time.get()) + " because the application is shutting down."),
				"Start again; what is pending will be applied then.", cause);
	}

	private HistoryBusyException busy(Database database, TableName table, ElapsedTime time, SQLException error) {
		return new HistoryBusyException(
				FailureText
					.of("The history table " + table + " could not be read within " + ElapsedTime.seconds(time.get())
							+ (this.setting.isEmpty() ? "" : " (" + this.setting + ")") + ": " + reason(database)
							+ ". The last answer was: ")
					.and(SqlErrors.text(error))
					.and("."),
				"See in the database which session has a lock on that table or a long transaction, and let it end, or end it."
						+ " Behind a connection pooler such as PgBouncer, see whether it has a connection to the server left (SHOW"
						+ " POOLS). If it only takes longer, raise migrate.lock.timeout. Then start again.",
				error);
	}

}
