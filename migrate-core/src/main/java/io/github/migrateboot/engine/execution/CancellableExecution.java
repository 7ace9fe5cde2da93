package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.util.function.Supplier;

import io.github.migrateboot.database.SqlAction;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.lock.StopSignal.Cancellation;
import io.github.migrateboot.lock.StopSignal.StoppedException;

/**
 * Executes what may take long, that is, the statements of migrations: not after the
 * application has begun to shut down, so that they can be cancelled, and under watch.
 *
 * @param signal the signal to stop
 * @param watch watches the session
 */
public record CancellableExecution(StopSignal signal, StatementMonitor watch) {

	/**
	 * Execute something.
	 * @param cancellation cancels it
	 * @throws StoppedException if it was not started because of the signal
	 */
	public void run(Cancellation cancellation, SqlAction work) throws SQLException {
		this.signal.begin(cancellation);
		this.watch.begin();
		try {
			work.run();
		}
		finally {
			this.watch.end();
			this.signal.end();
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
		return isNotBegun(error) || this.signal.isCancelled();
	}

	/**
	 * Return whether a statement was not even started because of the signal.
	 */
	public static boolean isNotBegun(SQLException error) {
		return error instanceof StoppedException;
	}

}
