package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.lock.Execution;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.lock.StopSignal.Cancellation;
import io.github.migrateboot.lock.StopSignal.StoppedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes what may take long, that is, the statements of migrations: not after the
 * application has started to shut down, so that they can be cancelled, and under watch.
 *
 * @param signal the signal to stop
 * @param watch watches the session
 * @param fuse ends what keeps others waiting for too long
 */
public record CancellableExecution(StopSignal signal, StatementMonitor watch, Fuse fuse) {

	private static final Logger logger = LoggerFactory.getLogger(CancellableExecution.class);

	/**
	 * Execute something.
	 * @param cancellation cancels it
	 * @param limit after which time to cancel it, or {@code null}
	 * @throws StoppedException if it was not started because of the signal
	 * @throws FuseBlownException if it was not started because what stands before it has
	 * kept others waiting for too long
	 * @throws SQLTimeoutException if it was cancelled because of the limit
	 */
	public void run(Cancellation cancellation, @Nullable Duration limit, SqlAction work) throws SQLException {
		Execution execution = this.signal.begin(cancellation);
		begin(execution);
		this.watch.begin(limit, execution::timeOut);
		try {
			work.run();
		}
		catch (SQLException ex) {
			execution.end();
			throw execution.isTimedOut()
					? new SQLTimeoutException(ex.getMessage(), ex.getSQLState(), ex.getErrorCode(), ex) : ex;
		}
		finally {
			this.watch.end();
			this.fuse.executed();
			settle(execution);
		}
	}

	private void begin(Execution execution) throws FuseBlownException {
		try {
			this.fuse.executing(execution);
		}
		catch (FuseBlownException ex) {
			execution.end();
			throw ex;
		}
	}

	/**
	 * Execute something that must not be cancelled for the sake of others.
	 */
	public void spare(SqlAction work) throws SQLException {
		this.fuse.spare(true);
		try {
			work.run();
		}
		finally {
			this.fuse.spare(false);
		}
	}

	/**
	 * See that a cancellation can't hit what is executed next.
	 */
	private void settle(Execution execution) {
		if (!execution.end()) {
			logger.warn("The server can't be reached to cancel what was being executed, so its connection is closed");
			this.watch.giveUp();
		}
		else if (execution.isCancelled()) {
			// It may have come too late.
			this.watch.swallowCancellation();
		}
	}

	/**
	 * Cancel what is being executed if the signal was given: it goes beyond what was
	 * being executed then.
	 */
	public void cancelIfStopped() {
		if (this.signal.isStopped()) {
			this.signal.cancel();
		}
	}

	/**
	 * Refuse to go on after the signal.
	 * @throws StoppedException if it was given
	 */
	public void requireGoingOn() throws StoppedException {
		this.signal.requireGoingOn();
	}

	/**
	 * Stop the run between two steps of it.
	 * @param what what is not started, in a sentence
	 */
	public void requireGoingOn(Supplier<String> what) {
		requireGoingOn(this.signal, what);
	}

	/**
	 * Stop the run between two steps of it.
	 * @param signal the signal
	 * @param what what is not started, in a sentence
	 */
	public static void requireGoingOn(StopSignal signal, Supplier<String> what) {
		if (signal.isStopped()) {
			throw new InterruptedMigrationException("The application is shutting down. " + what.get(),
					"Start again; what is pending will be applied then.");
		}
	}

	/**
	 * Return whether a statement did not do its work because of the signal.
	 */
	public boolean isStopped(SQLException error) {
		return error instanceof StoppedException || this.signal.isCancelled();
	}

	/**
	 * Return whether a statement was not even started, because of the signal or the fuse.
	 */
	public static boolean isNotBegun(SQLException error) {
		return error instanceof StoppedException || error instanceof FuseBlownException;
	}

}
