package io.github.migrateboot;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;

import io.github.migrateboot.RunLock.Work;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.lock.StopSignal.StoppedException;

/**
 * Executes what may take long, that is, the statements of migrations: not after the
 * application has begun to shut down, so that they can be cancelled, and under watch.
 *
 * @param signal the signal to stop
 * @param watch watches the session
 */
record Execution(StopSignal signal, SessionWatch watch) {

	/**
	 * Execute a statement.
	 * @throws StoppedException if it was not begun because of the signal
	 */
	void run(Statement statement, Work work) throws SQLException {
		this.signal.begin(statement::cancel);
		this.watch.begin();
		try {
			work.run();
		}
		finally {
			this.watch.end();
			this.signal.end();
		}
	}

	void requireGoingOn() throws StoppedException {
		this.signal.requireGoingOn();
	}

	/**
	 * Stop the run between two steps of it.
	 * @param what what is not begun, in a sentence
	 */
	void requireGoingOn(Supplier<String> what) {
		requireGoingOn(this.signal, what);
	}

	static void requireGoingOn(StopSignal signal, Supplier<String> what) {
		if (signal.isStopped()) {
			throw new InterruptedMigrationException("The application is shutting down. " + what.get(),
					"Start again; what is pending will be applied then.");
		}
	}

	/**
	 * Return whether a statement did not do its work because of the signal.
	 */
	boolean isStopped(SQLException error) {
		return isNotBegun(error) || this.signal.isCancelled();
	}

	static boolean isNotBegun(SQLException error) {
		return error instanceof StoppedException;
	}

}
